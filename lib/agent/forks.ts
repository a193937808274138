import { readFileSync } from 'node:fs'
import type { AgentConfig } from '../model/agent-config.ts'
import { matches } from './adoption.ts'
import { bootId, LeftoverJournal, parseJournal } from './leftovers.ts'
import type { ProcessId } from './life.ts'
import { readPidFile } from './pid-file.ts'
import { isAlive, processIdOf } from './process-id.ts'

/** The processes of `fork` agents, which live on when agent-spawn ends, by name: kept in a file under RUN for the next one. */
export class ForkJournal {
  readonly #known = new Map<string, ProcessId>()
  readonly #journal: LeftoverJournal

  /**
   * Reads what the agent-spawn before has left, of this boot, and goes on from it; nobody else is to take those over.
   * Throws 'permission' or 'io'.
   */
  constructor(path: string, taken: Set<number>) {
    for (const [pid, { name, startTime }] of parseJournal(readQuietly(path), bootId()).entries) {
      if (isAlive({ pid, startTime })) this.#known.set(name, { pid, startTime })
    }
    this.#journal = new LeftoverJournal(path)
    for (const [name, id] of this.#known) {
      this.#journal.add(name, id)
      taken.add(id.pid)
    }
  }

  /** The process of an agent is another one now, or none. */
  note(name: string, old: ProcessId | null, id: ProcessId | null): void {
    if (old !== null) this.#journal.remove(old)
    if (id !== null) this.#journal.add(name, id)
    if (id !== null) this.#known.set(name, id)
    else this.#known.delete(name)
  }

  /** The process that was last known of an agent, while it lives. */
  of(name: string): ProcessId | null {
    const id = this.#known.get(name)
    return id !== undefined && isAlive(id) ? id : null
  }
}

/**
 * The daemon of a `fork` agent, which may run another program than its command, or show other words: the one that was
 * last known, or the one of its pid file, where that runs the program of `exec` (B16, B21).
 */
export function findForked(
  config: AgentConfig,
  taken: ReadonlySet<number>,
  forks: ForkJournal | null,
): ProcessId | null {
  const known = forks?.of(config.name) ?? null
  if (known !== null) return known
  const read = readPidFile(config.pidfile ?? '')
  if ('fault' in read || taken.has(read.pid) || !matches([config.argv[0]], read.pid)) return null
  return processIdOf(read.pid)
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // the first start
  }
}
