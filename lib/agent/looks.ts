import { reasonOf } from '../errors.ts'
import { askCheck } from './check-ask.ts'
import { type HealthResult, healthStep, nextLook } from './health.ts'
import type { ProcessId } from './life.ts'
import { overLimit } from './limits.ts'
import { statOf } from './process-id.ts'
import { type ProcessTable, readProcessTable } from './process-table.ts'
import type { Supervisor } from './supervisor.ts'
import type { Surroundings } from './surroundings.ts'
import { endCheck, type Unit } from './unit.ts'
import { usageOf } from './usage.ts'

/** At least so often, in milliseconds: a timer is longer than this only in parts. */
const LONGEST_MS = 3_600_000
/** How often processes that are no children of ours are looked at, and a group that is to be empty; seldom enough to take only its part. */
const STRANGERS_MS = 1000
const GROUP_MS = 100
const STRANGERS_PART = 0.1
/** How often it is looked whether the kernel has killed for want of memory, in seconds. */
const OOM_SECONDS = 10

/** What is looked at by time: deadlines, limits, checks, heartbeats, and processes that are no children of ours. */
export class Looks {
  readonly #supervisor: Supervisor
  readonly #world: Surroundings
  #timer: NodeJS.Timeout | undefined
  /** When the timer wakes us. */
  #at = Number.POSITIVE_INFINITY
  #strangers: NodeJS.Timeout | undefined
  #strangersDelay = Number.POSITIVE_INFINITY
  #oomAt: number
  #closed = false

  constructor(supervisor: Supervisor, world: Surroundings) {
    this.#supervisor = supervisor
    this.#world = world
    this.#oomAt = world.groups.version === null ? Number.POSITIVE_INFINITY : world.now() + OOM_SECONDS
  }

  /**
   * Something has happened to an agent: what it needs next may come sooner than what is waited for. Of the others nothing is
   * looked at; where it needs nothing any more the timer finds that out.
   */
  schedule(unit: Unit): void {
    if (this.#closed) return
    this.#wake(Math.min(this.#nextOf(unit), this.#supervisor.abandoned.next))
    this.#watch(strangersDelay(unit))
  }

  /** Looks at nothing any more. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    clearTimeout(this.#strangers)
    for (const unit of this.#supervisor.units.values()) endCheck(unit)
  }

  /**
   * Measures what agents use now; what cannot be measured for want of descriptors is as it was, and so is what one used that
   * is being stopped for it: that is the evidence of its end.
   */
  measure(units: readonly Unit[]): void {
    try {
      this.#measure(units)
    } catch (error) {
      this.#world.log.log('warn', `the agents are not measured: ${reasonOf(error)}`)
    }
  }

  #measure(units: readonly Unit[]): void {
    let table: ProcessTable | undefined
    for (const unit of units) {
      const { process, forced } = unit.life
      if (process === null || forced !== null) continue
      table ??= readProcessTable()
      const { usage, mark } = usageOf(table, process, sessionOf(unit, process), unit.mark, true)
      unit.usage = usage
      unit.mark = mark
    }
  }

  #wake(at: number): void {
    if (this.#closed || at === Number.POSITIVE_INFINITY || at > this.#at) return
    clearTimeout(this.#timer)
    this.#at = at
    const delay = Math.ceil((at - this.#world.now()) * 1000)
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(delay, 0), LONGEST_MS))
  }

  #nextOf({ life, config, limitsAt, health }: Unit): number {
    let next = life.until ?? Number.POSITIVE_INFINITY
    if (life.process === null) return next
    next = Math.min(next, this.#oomAt)
    if (hasLimits(life, config)) next = Math.min(next, limitsAt)
    if (life.state === 'running') next = Math.min(next, nextLook(config, health))
    return next
  }

  #look(): void {
    const now = this.#world.now()
    const limited: Unit[] = []
    this.#at = Number.POSITIVE_INFINITY
    this.#supervisor.abandoned.press(now)
    for (const unit of [...this.#supervisor.units.values()]) {
      if (unit.life.until !== null && unit.life.until <= now) this.#supervisor.tell(unit, { type: 'timer' })
      if (unit.life.process === null) continue
      if (hasLimits(unit.life, unit.config) && unit.limitsAt <= now) limited.push(unit)
      if (unit.life.state === 'running' && nextLook(unit.config, unit.health) <= now) this.#lookAtHealth(unit)
    }
    if (limited.length > 0) this.#lookAtLimits(limited, now)
    if (this.#oomAt <= now) this.#lookForOom(now)
    let next = this.#supervisor.abandoned.next
    for (const unit of this.#supervisor.units.values()) next = Math.min(next, this.#nextOf(unit))
    this.#wake(next)
  }

  #lookForOom(now: number): void {
    this.#oomAt = now + OOM_SECONDS
    const { oom, units } = this.#supervisor
    oom.look(units.values(), (unit, text) => this.#supervisor.note(unit, 'oom', text))
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

  #lookAtHealth(unit: Unit): void {
    const asked = unit.life.process
    const ask = this.#learn(unit, { type: 'time' })
    if (!ask || unit.config.check === null || unit.life.process !== asked) return
    endCheck(unit)
    unit.cancelCheck = askCheck(unit.config.check, fault => {
      unit.cancelCheck = null
      if (unit.life.process === asked) this.#learn(unit, { type: 'check', fault })
    })
  }

  /** A heartbeat has come in (B27). */
  heard(unit: Unit, message: string): void {
    if (unit.life.state !== 'running') return
    this.#learn(unit, { type: 'heartbeat', message })
  }

  /** Whether the agent is to be asked now. */
  #learn(unit: Unit, result: HealthResult): boolean {
    const { health, abnormal, ask, failed } = healthStep(unit.config, unit.health, result, this.#world.now())
    unit.health = health
    if (failed !== null) this.#supervisor.note(unit, 'check', failed)
    if (abnormal !== null) this.#supervisor.tell(unit, { type: 'unhealthy', message: abnormal })
    return ask
  }

  #watch(delay: number): void {
    if (this.#closed || delay >= this.#strangersDelay) return
    clearTimeout(this.#strangers)
    this.#strangersDelay = delay
    this.#strangers = setTimeout(() => this.#lookAtStrangers(), delay)
  }

  #lookAtStrangers(): void {
    const began = performance.now()
    this.#strangersDelay = Number.POSITIVE_INFINITY
    this.#supervisor.lookAtStrangers()
    const least = (performance.now() - began) / STRANGERS_PART
    let delay = Number.POSITIVE_INFINITY
    for (const unit of this.#supervisor.units.values()) delay = Math.min(delay, strangersDelay(unit))
    this.#watch(Math.max(delay, least))
  }
}

/** Whether it may go over a limit. */
function hasLimits({ state }: Unit['life'], { limits }: Unit['config']): boolean {
  return limits !== null && state !== 'stopping'
}

/** The kernel tells of children only: adopted and forked processes are looked at once a second, while there are any. */
function strangersDelay({ life, child }: Unit): number {
  if (life.process !== null && life.process !== child) return STRANGERS_MS
  return life.groupLeft ? GROUP_MS : Number.POSITIVE_INFINITY
}

/** What has left the tree is found by its session, where that is the agent's own: 0 where it is not. */
function sessionOf(unit: Unit, process: ProcessId): number {
  return unit.child === process || statOf(process.pid)?.session === process.pid ? process.pid : 0
}
