import { CommandError } from '../errors.ts'
import type { ControlMove } from '../model/control.ts'
import { toAgentRecord } from './agent-record.ts'
import type { Unit } from './unit.ts'

/** What is waited for: a process that is up, or none at all. */
export type Goal = 'up' | 'down'

interface Waiter {
  readonly unit: Unit
  readonly goal: Goal
  readonly done: (move: ControlMove) => void
  readonly timer: NodeJS.Timeout
}

/** As many at a time: each is a client of the control socket. */
const MOST = 256

/** Who asked for a start or a stop and waits for what becomes of it. */
export class Waiters {
  readonly #waiters = new Set<Waiter>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Settles when the goal is reached, is out of reach for now, or `wait` seconds are over. Refuses ('again') too many. */
  wait(unit: Unit, goal: Goal, wait: number): Promise<ControlMove> {
    if (this.#waiters.size >= MOST) throw new CommandError('again', `${MOST} others are waiting already`)
    return new Promise(resolve => {
      const timer = setTimeout(() => this.#settle(waiter, `not within ${wait} s`), wait * 1000).unref()
      const waiter: Waiter = { unit, goal, done: resolve, timer }
      this.#waiters.add(waiter)
      this.look(unit)
    })
  }

  /** Looks whether somebody's waiting for this agent is over. */
  look(unit: Unit): void {
    for (const waiter of this.#waiters) if (waiter.unit === unit && isOver(waiter)) this.#settle(waiter, unit.last)
  }

  #settle(waiter: Waiter, reason: string | null): void {
    clearTimeout(waiter.timer)
    this.#waiters.delete(waiter)
    const { unit, goal } = waiter
    const { state } = unit.life
    const reached = state === (goal === 'up' ? 'running' : 'stoped')
    waiter.done({ agent: toAgentRecord(unit, this.#now()), state, reached, reason: reached ? null : reason })
  }
}

/** An agent that waits for its restart did not come up, though it may yet; to be down it must be stopped. */
function isOver({ unit, goal }: Waiter): boolean {
  const { state } = unit.life
  return goal === 'down' ? state === 'stoped' : state !== 'starting' && state !== 'stopping'
}
