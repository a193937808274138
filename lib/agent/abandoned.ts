import type { AgentConfig } from '../model/agent-config.ts'
import type { ProcessId } from './life.ts'
import { groupIsEmpty, isAlive, signalTo } from './process-id.ts'

interface Entry {
  readonly process: ProcessId
  readonly group: boolean
  killAt: number
}

/** A SIGKILL is sent again so often, in seconds, while the kernel holds a process. */
const AGAIN = 1

/**
 * Processes that an agent which is not `single` was started beside while they were being stopped (B31): no agent's any more,
 * and looked after until they, with `stopasgroup` their groups, are gone.
 */
export class Abandoned {
  readonly #gone: (process: ProcessId) => void
  #left: Entry[] = []

  /** `gone` is told of each that is not there any more. */
  constructor(gone: (process: ProcessId) => void) {
    this.#gone = gone
  }

  /** Takes over a process that was told to stop; `now` in seconds. */
  add(process: ProcessId, { stopasgroup, stopsecs }: AgentConfig, now: number): void {
    this.#left.push({ process, group: stopasgroup, killAt: now + stopsecs })
  }

  /** When one is to be looked at; Infinity: none is left. */
  get next(): number {
    return this.#left.reduce((next, { killAt }) => Math.min(next, killAt), Number.POSITIVE_INFINITY)
  }

  /** A child of ours has ended. Whether it was one of these. */
  ended(child: ProcessId): boolean {
    const entry = this.#left.find(({ process }) => process === child)
    if (entry !== undefined && isGone(entry)) this.#drop(entry)
    return entry !== undefined
  }

  /** SIGKILL for those whose time is over. */
  press(now: number): void {
    for (const entry of this.#left.filter(({ killAt }) => killAt <= now)) {
      if (isGone(entry)) this.#drop(entry)
      else signalTo(entry.process, 'SIGKILL', entry.group)
      entry.killAt = now + AGAIN
    }
  }

  /** Nobody will look after them any more: SIGKILL now. */
  close(): void {
    for (const { process, group } of this.#left.splice(0)) signalTo(process, 'SIGKILL', group)
  }

  #drop(entry: Entry): void {
    this.#left = this.#left.filter(other => other !== entry)
    this.#gone(entry.process)
  }
}

function isGone({ process, group }: Entry): boolean {
  return !isAlive(process) && (!group || groupIsEmpty(process.pid))
}
