import type { AgentConfig } from '../model/agent-config.ts'
import type { LogLevel } from '../model/control.ts'
import type { EventKind, Evidence } from '../model/event.ts'
import { Abandoned } from './abandoned.ts'
import { type Account, findAccount } from './account.ts'
import { type Before, before, evidenceOf } from './evidence.ts'
import { newHealth } from './health.ts'
import { traceOf } from './last-line.ts'
import { failed, launch } from './launch.ts'
import type { LifeAction, LifeEvent, ProcessId } from './life.ts'
import { step } from './life-step.ts'
import { OomWatch } from './oom-watch.ts'
import { groupIsEmpty, isAlive, signalTo } from './process-id.ts'
import { refresh } from './refresh.ts'
import type { Surroundings } from './surroundings.ts'
import { endCheck, NO_USAGE, newUnit, type Unit } from './unit.ts'

type Told = Extract<LifeAction, { type: 'event' }>

/** What an event may have beside its words; what is not given is that of the agent now, or of the kind. */
interface Details {
  readonly evidence?: Evidence | undefined
  readonly version?: string | undefined
  readonly level?: LogLevel
}

/** What an event is in the log; the others are information. */
const LOG_LEVEL: Readonly<Partial<Record<EventKind, LogLevel>>> = {
  abnormal: 'warn',
  check: 'warn',
  killed: 'warn',
  oom: 'warn',
  fatal: 'error',
}

/**
 * The agents and their lives: what happens to one goes through the pure `step`, and what that says is done here.
 * Nothing of an agent throws out of it: what fails is an event or a line of the log.
 */
export class Supervisor {
  readonly units = new Map<string, Unit>()
  readonly abandoned: Abandoned
  /** All are being stopped: nothing is started any more. */
  stopping = false
  readonly oom: OomWatch
  readonly #world: Surroundings
  /** Called after something happened to an agent: for who waits, and for the timer. */
  readonly #changed: (unit: Unit) => void

  constructor(world: Surroundings, changed: (unit: Unit) => void) {
    this.#world = world
    this.#changed = changed
    this.abandoned = new Abandoned(process => {
      world.taken.delete(process.pid)
      world.leftovers?.remove(process)
    })
    this.oom = new OomWatch(world.groups)
  }

  /** Takes an agent in, stopped. */
  add(config: AgentConfig, file: string | null): Unit {
    const unit = newUnit(config, file, this.#world.now())
    this.units.set(config.name, unit)
    return unit
  }

  /** Lets something happen to an agent, and does what follows from it; a fault of ours in that stays its alone. */
  tell(unit: Unit, first: LifeEvent): void {
    try {
      this.#live(unit, first)
    } catch (error) {
      this.note(unit, 'daemon', `a fault of agent-spawn: ${traceOf(error)}`, { level: 'error' })
    }
    this.#changed(unit)
  }

  #live(unit: Unit, first: LifeEvent): void {
    const queue: LifeEvent[] = [first]
    const told: { readonly event: Told; readonly was: Before | null }[] = []
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      const was = before(unit)
      const { life, actions } = step(unit.config, unit.life, event, this.#world.now())
      this.#take(unit, life)
      for (const action of actions) {
        // What is told is told after all that is done: a restart waits for no look at a log.
        if (action.type === 'event') told.push({ event: action, was })
        else this.#do(unit, action, was, queue)
      }
    }
    for (const { event, was } of told) this.#record(unit, event, was)
    if (unit.removed && unit.life.state === 'stoped') this.#forget(unit)
  }

  /** Gives an agent another configuration: at once where it is stopped, else with a restart, also of a fatal one (HUP). */
  change(unit: Unit, config: AgentConfig): void {
    if (unit.life.state === 'stoped') {
      unit.config = config
      unit.pending = null // of a change whose restart was called off
      unit.account = null
      return
    }
    unit.pending = config
    if (unit.life.state !== 'stopping') this.tell(unit, { type: 'restart' })
  }

  /** Records an event that is not one of an agent's life. */
  note(unit: Unit | null, kind: EventKind, message: string, details: Details = {}): void {
    if (unit !== null) unit.last = message
    const { log, events } = this.#world
    const { evidence, version = unit?.config.version, level = LOG_LEVEL[kind] ?? 'info' } = details
    const of = { subject: unit?.name ?? null, extra: version ?? null }
    events.add({ now: Date.now() / 1000, kind, ...of, message, ...(evidence === undefined ? {} : { evidence }) })
    log.log(level, unit === null ? message : `agent '${unit.name}': ${message}`)
  }

  /** Says in the log what is no event. */
  warn(text: string): void {
    this.#world.log.log('warn', text)
  }

  #take(unit: Unit, life: Unit['life']): void {
    const { taken } = this.#world
    const old = unit.life
    unit.life = life
    if (life.state === 'running' && old.state !== 'running') unit.health = newHealth(this.#world.now())
    if (life.state !== 'running') endCheck(unit)
    if (old.process?.pid === life.process?.pid) return
    endCheck(unit)
    unit.group = life.process === null ? (old.process ?? unit.group) : null
    if (old.process !== null) taken.delete(old.process.pid)
    if (life.process !== null) taken.add(life.process.pid)
    if (unit.config.type === 'fork') this.#world.forks?.note(unit.name, life.process)
    unit.usage = NO_USAGE
    unit.mark = null
    unit.limitsAt = this.#world.now() + (unit.config.limits?.interval ?? 0)
  }

  #do(unit: Unit, action: Exclude<LifeAction, Told>, was: Before | null, queue: LifeEvent[]): void {
    switch (action.type) {
      case 'launch':
        this.#launch(unit, queue)
        return
      case 'signal':
        this.signal(unit, action.signal, action.group)
        return
      case 'kill-group':
        if (was !== null) signalTo(was.process, 'SIGKILL', true)
        return
      case 'abandon':
        if (was !== null) this.#abandon(unit, was)
        return
      case 'refresh':
        return void queue.push(refresh(unit, this.#world.taken))
      default:
        action satisfies never
    }
  }

  /** To the process of an agent, or its group; of a `fork` agent also to the group of the command that forks. */
  signal({ life, child, config }: Unit, signal: NodeJS.Signals, group = config.stopasgroup): void {
    if (life.process !== null) signalTo(life.process, signal, group)
    if (child !== null && child !== life.process) signalTo(child, signal, true)
  }

  #launch(unit: Unit, queue: LifeEvent[]): void {
    if (unit.pending !== null) {
      unit.config = unit.pending
      unit.pending = null
      unit.account = null
    }
    let child: ProcessId | null = null
    const asked = ++unit.launches
    const start = (account: Account) => {
      unit.account = account
      const answer = launch(unit, account, this.#world, (code, signal) => {
        if (child !== null) this.#ended(unit, child, code, signal)
      })
      if (answer.type === 'failed') unit.account = null // whoever it is may have been made by then
      if (answer.type === 'spawned') child = unit.child
      return answer
    }
    if (unit.account !== null) return void queue.push(start(unit.account))
    try {
      const account = findAccount(unit.config.user, unit.config.group)
      if (!(account instanceof Promise)) return void queue.push(start(account))
      const isAwaited = () => unit.launches === asked && isLaunching(unit)
      account.then(
        found => isAwaited() && this.tell(unit, start(found)),
        error => isAwaited() && this.tell(unit, failed(error)),
      )
    } catch (error) {
      queue.push(failed(error))
    }
  }

  #ended(unit: Unit, child: ProcessId, code: number | null, signal: string | null): void {
    if (this.abandoned.ended(child) || unit.child !== child) return
    unit.child = null
    const groupLeft = unit.config.type === 'simple' && !groupIsEmpty(child.pid)
    this.tell(unit, { type: 'exit', code, signal, oom: this.oom.wasOom(unit, signal), groupLeft })
    if (!groupLeft) this.#world.leftovers?.remove(child) // a restart does not wait for it
  }

  /** Looks whether a process that is no child of ours is still there; the kernel tells of children only. */
  lookAtStrangers(): void {
    for (const unit of this.units.values()) {
      const { process, groupLeft } = unit.life
      if (process !== null && process !== unit.child && !isAlive(process))
        this.tell(unit, { type: 'gone', oom: this.oom.wasOom(unit, null), groupLeft: !groupIsEmpty(process.pid) })
      else if (groupLeft && unit.group !== null && groupIsEmpty(unit.group.pid))
        this.tell(unit, { type: 'group-empty' })
    }
  }

  #abandon(unit: Unit, { process, config }: Before): void {
    this.abandoned.add(process, config, this.#world.now())
    this.#world.taken.add(process.pid)
    if (unit.child === process) unit.child = null
  }

  #record(unit: Unit, { kind, message, evidence }: Told, was: Before | null): void {
    const full =
      evidence === undefined || was === null
        ? undefined
        : evidenceOf(was, evidence, unit.log, this.#world.logDir, this.#world.now())
    if (kind === 'abnormal') unit.trouble = [message, ...(full?.stderr.slice(-1) ?? [])].join(': ')
    if (full !== undefined && kind === 'abnormal') unit.lines = full.stderr
    this.note(unit, kind, message, { evidence: full, version: was?.config.version })
  }

  #forget(unit: Unit): void {
    this.units.delete(unit.name)
    this.#world.groups.remove(unit.name)
    this.note(null, 'config', `agent '${unit.name}' is forgotten: its configuration has been removed`)
  }
}

function isLaunching({ life }: Unit): boolean {
  return life.state === 'starting' && life.process === null && !life.launching
}
