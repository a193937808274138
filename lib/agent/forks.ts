import type { AgentConfig } from '../model/agent-config.ts'
import { matches } from './adoption.ts'
import { bootId, LeftoverJournal, parseJournal, readJournal } from './leftovers.ts'
import type { ProcessId } from './life.ts'
import { isWrittenSince, readPidFile } from './pid-file.ts'
import { isAlive, processIdOf, startedAt } from './process-id.ts'

/**
 * The processes of `fork` agents, which live on when agent-spawn ends, by name: kept in a file under RUN for the next one. While
 * it is not known which process comes of a start, it is the command that forks.
 */
export class ForkJournal {
  readonly #known = new Map<string, ProcessId>()
  readonly #journal: LeftoverJournal

  /**
   * Reads what the agent-spawn before has left, of this boot, and goes on from it; nobody else is to take those over.
   * `warn` is told when it cannot be written now.
   */
  constructor(path: string, taken: Set<number>, warn: (text: string) => void) {
    for (const [pid, { name, startTime }] of parseJournal(readQuietly(path), bootId()).entries)
      this.#known.set(name, { pid, startTime })
    this.#journal = new LeftoverJournal(path, warn, this.#known)
    for (const id of this.#known.values()) if (isAlive(id)) taken.add(id.pid)
  }

  /** The process of an agent is another one now, or none. */
  note(name: string, id: ProcessId | null): void {
    const old = this.#known.get(name)
    // The new one first: killed in between, there are two lines of the agent, of which the later one counts.
    if (id !== null) this.#journal.add(name, id)
    if (old !== undefined && old.pid !== id?.pid) this.#journal.remove(old)
    if (id !== null) this.#known.set(name, id)
    else this.#known.delete(name)
  }

  /** See LeftoverJournal. */
  open(): number | null {
    return this.#journal.open()
  }

  /** The process, or the command, that was last known of an agent; it may have ended since. */
  of(name: string): ProcessId | null {
    return this.#known.get(name) ?? null
  }
}

/** A daemon that the agent-spawn before looked after, or what came of the command that it had started, is running still. */
export function isLeftRunning(config: AgentConfig, taken: ReadonlySet<number>, forks: ForkJournal | null): boolean {
  const { name, type, single } = config
  const isKnown = type === 'fork' && single && (forks?.of(name) ?? null) !== null
  return isKnown && findForked(config, taken, forks) !== null
}

/**
 * The daemon of a `fork` agent, which may run another program than its command, or show other words: the process that was
 * last known, or the one of its pid file, where that runs the program of `exec`, or came of what was last known (B16, B21).
 */
export function findForked(
  config: AgentConfig,
  taken: ReadonlySet<number>,
  forks: ForkJournal | null,
): ProcessId | null {
  const known = forks?.of(config.name) ?? null
  if (known !== null && isAlive(known)) return known
  const path = config.pidfile ?? ''
  const read = readPidFile(path)
  if ('fault' in read || taken.has(read.pid)) return null
  const process = processIdOf(read.pid)
  if (process === null) return null
  const came = known !== null && known.pid !== process.pid && known.startTime <= process.startTime
  // A pid that was given out again belongs to a process that is younger than the file.
  if (came && isWrittenSince(path, startedAt(process))) return process
  return matches([config.argv[0]], read.pid) ? process : null
}

function readQuietly(path: string): string {
  try {
    return readJournal(path)
  } catch {
    return '' // it is no file
  }
}
