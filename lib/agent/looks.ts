import { overLimit } from './limits.ts'
import { signalTo } from './process-id.ts'
import { type ProcessTable, readProcessTable } from './process-table.ts'
import type { Supervisor } from './supervisor.ts'
import type { Surroundings } from './surroundings.ts'
import type { Unit } from './unit.ts'
import { usageOf } from './usage.ts'

/** At least so often, in milliseconds: a timer is longer than this only in parts. */
const LONGEST_MS = 3_600_000
/** How often processes that are no children of ours are looked at, and a group that is to be empty. */
const STRANGERS_MS = 1000
const GROUP_MS = 100

/** What is looked at by time: deadlines, limits, checks, heartbeats, and processes that are no children of ours. */
export class Looks {
  readonly #supervisor: Supervisor
  readonly #world: Surroundings
  #timer: NodeJS.Timeout | undefined
  #turn: NodeJS.Immediate | undefined
  #strangers: NodeJS.Timeout | undefined
  #strangersDelay = Number.POSITIVE_INFINITY
  #closed = false

  constructor(supervisor: Supervisor, world: Surroundings) {
    this.#supervisor = supervisor
    this.#world = world
  }

  /** Something has changed: the timer is set anew, once for all that happens in this turn of the loop. */
  schedule(): void {
    if (this.#closed) return
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined
      this.#arm()
      this.#armStrangers()
    })
  }

  /** Looks at nothing any more. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    clearInterval(this.#strangers)
    clearImmediate(this.#turn)
  }

  /** Measures what agents use now. */
  measure(units: readonly Unit[]): void {
    let table: ProcessTable | undefined
    for (const unit of units) {
      const { process } = unit.life
      if (process === null) continue
      table ??= readProcessTable()
      const { usage, mark } = usageOf(table, process, process.pid, unit.mark, true)
      unit.usage = usage
      unit.mark = mark
    }
  }

  #arm(): void {
    clearTimeout(this.#timer)
    let next = Number.POSITIVE_INFINITY
    for (const unit of this.#supervisor.units.values()) next = Math.min(next, this.#nextOf(unit))
    if (next === Number.POSITIVE_INFINITY) return
    const delay = Math.ceil((next - this.#world.now()) * 1000)
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(delay, 0), LONGEST_MS))
  }

  #nextOf({ life, config, abandoned, limitsAt }: Unit): number {
    let next = life.until ?? Number.POSITIVE_INFINITY
    for (const { killAt } of abandoned) next = Math.min(next, killAt)
    if (life.process === null) return next
    if (config.limits !== null) next = Math.min(next, limitsAt)
    return next
  }

  #look(): void {
    const now = this.#world.now()
    const limited: Unit[] = []
    for (const unit of [...this.#supervisor.units.values()]) {
      this.#killAbandoned(unit, now)
      if (unit.life.until !== null && unit.life.until <= now) this.#supervisor.tell(unit, { type: 'timer' })
      if (unit.life.process === null) continue
      if (unit.config.limits !== null && unit.limitsAt <= now) limited.push(unit)
    }
    if (limited.length > 0) this.#lookAtLimits(limited, now)
    this.schedule()
  }

  #killAbandoned(unit: Unit, now: number): void {
    for (const { process, group, killAt } of unit.abandoned) if (killAt <= now) signalTo(process, 'SIGKILL', group)
    const left = unit.abandoned.filter(({ killAt }) => killAt > now)
    unit.abandoned.splice(0, unit.abandoned.length, ...left)
  }

  #lookAtLimits(units: readonly Unit[], now: number): void {
    this.measure(units)
    for (const unit of units) {
      const { limits } = unit.config
      if (limits === null) continue
      unit.limitsAt = now + limits.interval
      const message = overLimit(limits, unit.usage)
      if (message !== null) this.#supervisor.tell(unit, { type: 'overflow', message })
    }
  }

  /** The kernel tells of children only: adopted and forked processes are looked at once a second, while there are any. */
  #armStrangers(): void {
    let delay = Number.POSITIVE_INFINITY
    for (const { life, child, group } of this.#supervisor.units.values()) {
      if (life.process !== null && life.process !== child) delay = Math.min(delay, STRANGERS_MS)
      else if (life.state === 'stopping' && group !== null) delay = GROUP_MS
    }
    if (delay === this.#strangersDelay) return
    clearInterval(this.#strangers)
    this.#strangersDelay = delay
    if (delay !== Number.POSITIVE_INFINITY)
      this.#strangers = setInterval(() => this.#supervisor.lookAtStrangers(), delay)
  }
}
