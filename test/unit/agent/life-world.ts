import { type Life, type LifeAction, type LifeEvent, newLife, type ProcessId } from '../../../lib/agent/life.ts'
import { step } from '../../../lib/agent/life-step.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'

/** A process of the world: the agent itself, the command that forks, or a worker that looks like the agent. */
interface Mortal {
  readonly id: ProcessId
  readonly role: 'main' | 'command' | 'worker'
  readonly group: number
  /** Our child: its end is told as `exit`. */
  readonly child: boolean
  /** Seconds from the stop signal to its end; Infinity: it ignores it. */
  readonly lag: number
  readonly born: number
  alive: boolean
  /** SIGKILL waits for it. */
  doomed: boolean
  abandoned: boolean
}

/** How the processes that are started next behave. */
export interface Manner {
  readonly lag: number
  readonly workers: number
  /** `launch` fails; or is answered late, as where an account has to be asked for. */
  readonly launch: 'works' | 'fails' | 'late'
  readonly writesPid: boolean
}

/** What a step has led to, for an invariant to look at. */
export interface Seen {
  readonly event: LifeEvent
  readonly before: Life
  readonly life: Life
  readonly actions: readonly LifeAction[]
  /** Seconds by the clock of the wall, which may be set. */
  readonly now: number
}

/** A machine with one agent, its processes, its pid file and a clock that can be set. */
export class World {
  life: Life
  /** Seconds that truly pass. */
  mono = 1000
  offset = 1_700_000_000
  manner: Manner = { lag: 0, workers: 0, launch: 'works', writesPid: true }
  /** A pid file was missing, or a daemon has left its workers to themselves: not all of it can be known. */
  hidden = false
  readonly mortals: Mortal[] = []
  readonly config: AgentConfig
  readonly #look: (seen: Seen, world: World) => void
  #held = false
  #pids = 100
  #pidFile: number | null = null
  #group = 0
  #late: number | null = null
  #launches = 0
  #queue: LifeEvent[] = []
  #busy = false
  #armed: number | null = null
  #deaths: { at: number; mortal: Mortal }[] = []
  #killAt: { at: number; mortal: Mortal }[] = []

  constructor(config: AgentConfig, look: (seen: Seen, world: World) => void) {
    this.config = config
    this.#look = look
    this.life = Object.freeze(newLife(this.now()))
  }

  now(): number {
    return this.mono + this.offset
  }

  alive(role: Mortal['role']): Mortal[] {
    return this.mortals.filter(mortal => mortal.alive && !mortal.abandoned && mortal.role === role)
  }

  tell(event: LifeEvent): void {
    this.#queue.push(event)
    if (this.#busy) return
    this.#busy = true
    for (let next: LifeEvent | undefined = this.#next(); next !== undefined; next = this.#next()) this.#step(next)
    this.#busy = false
  }

  /** The kernel holds every process, or no longer does: until then no signal ends one. */
  hold(held: boolean): void {
    this.#held = held
    if (!held) for (const mortal of this.mortals.filter(({ doomed }) => doomed)) this.die(mortal, null, 'SIGKILL')
  }

  advance(seconds: number): void {
    const end = this.mono + seconds
    for (let turn = 0; turn < 400; turn++) {
      const death = earliest(this.#deaths)
      const kill = earliest(this.#killAt)
      const at = Math.min(death?.at ?? Infinity, kill?.at ?? Infinity, this.#armed ?? Infinity)
      if (at > end) break
      this.mono = Math.max(this.mono, at)
      if (death?.at === at) {
        this.#deaths.splice(this.#deaths.indexOf(death), 1)
        this.die(death.mortal, 0, null)
      } else if (kill?.at === at) {
        this.#killAt.splice(this.#killAt.indexOf(kill), 1)
        this.#signal(kill.mortal, 'SIGKILL', this.config.stopasgroup)
      } else this.tell({ type: 'timer' })
    }
    this.mono = Math.max(this.mono, end)
  }

  /** A process ends; who is told depends on whose child it was. */
  die(mortal: Mortal, code: number | null, signal: string | null): void {
    if (!mortal.alive) return
    mortal.alive = false
    const groupLeft = this.#inGroup(mortal.group).length > 0
    if (mortal.abandoned) return
    if (mortal.role === 'command') {
      this.#fork()
      this.tell({ type: 'exit', code, signal, oom: false, groupLeft })
    } else if (this.life.process?.pid === mortal.id.pid) {
      this.tell(
        mortal.child ? { type: 'exit', code, signal, oom: false, groupLeft } : { type: 'gone', oom: false, groupLeft },
      )
    }
  }

  /** The agent replaces itself by another process, as a daemon that upgrades itself does. */
  replace(): void {
    const [main] = this.alive('main')
    if (main === undefined || this.config.type === 'simple') return
    this.hidden = true
    const next = this.#born('main', null, false)
    this.#pidFile = next.id.pid
    this.die(main, 0, null)
  }

  forgetPidFile(): void {
    this.hidden = true
    this.#pidFile = null
  }

  /** The answer to a launch that was late; who asked may have gone on. */
  answerLate(): void {
    const asked = this.#late
    this.#late = null
    if (asked === this.#launches && this.life.state === 'starting' && this.life.started === null) this.#launch()
  }

  #next(): LifeEvent | undefined {
    const next = this.#queue.shift()
    if (next !== undefined || !this.life.groupLeft || this.#inGroup(this.#group).length > 0) return next
    return { type: 'group-empty' }
  }

  #step(event: LifeEvent): void {
    const before = this.life
    const { life, actions } = step(this.config, before, event, this.now())
    this.life = Object.freeze(life)
    if (life.process !== null) this.#group = this.mortals.find(({ id }) => id === life.process)?.group ?? this.#group
    this.#look({ event, before, life, actions, now: this.now() }, this)
    for (const action of actions) this.#do(action, before)
    this.#armed = this.life.until === null ? null : Math.max(this.mono, this.life.until - this.offset)
  }

  #do(action: LifeAction, before: Life): void {
    switch (action.type) {
      case 'launch':
        this.#launches++
        if (this.manner.launch === 'late') this.#late = this.#launches
        else this.#launch()
        return
      case 'signal': {
        const { process, launching } = this.life
        for (const mortal of this.mortals)
          if (mortal.id === process || (launching && mortal.role === 'command' && mortal.alive))
            this.#signal(mortal, action.signal, action.group || mortal.role === 'command')
        return
      }
      case 'kill-group':
        for (const mortal of this.#inGroup(this.#group)) this.#end(mortal, 'SIGKILL')
        return
      case 'refresh':
        this.tell(this.#refresh())
        return
      case 'abandon': {
        const old = this.mortals.find(({ id }) => id === before.process)
        if (old === undefined) throw new Error('nothing to abandon')
        for (const mortal of this.#inGroup(old.group)) mortal.abandoned = true
        this.#killAt.push({ at: this.mono + this.config.stopsecs, mortal: old })
        return
      }
      case 'event':
        return
      default:
        action satisfies never
    }
  }

  #launch(): void {
    this.tell(this.#answer())
  }

  #answer(): LifeEvent {
    const found = this.config.single ? (this.alive('main')[0] ?? this.alive('worker')[0]) : undefined
    if (found !== undefined) return { type: 'adopted', process: found.id, started: found.born + this.offset }
    if (this.manner.launch === 'fails') return { type: 'failed', message: 'no such file' }
    const role = this.config.type === 'fork' ? 'command' : 'main'
    const mortal = this.#born(role, null, true)
    return { type: 'spawned', process: role === 'command' ? null : mortal.id }
  }

  #fork(): void {
    if (this.manner.launch === 'fails') return
    const main = this.#born('main', null, false)
    if (this.manner.writesPid) this.#pidFile = main.id.pid
    else this.hidden = true
  }

  #refresh(): LifeEvent {
    const main = this.mortals.find(({ id, alive }) => alive && id.pid === this.#pidFile)
    if (main === undefined || main.abandoned) return { type: 'refreshed', process: null, message: 'no process' }
    return { type: 'refreshed', process: main.id, started: main.born + this.offset }
  }

  #born(role: Mortal['role'], group: number | null, child: boolean): Mortal {
    const pid = ++this.#pids
    const id = Object.freeze({ pid, startTime: this.mono })
    const { lag, workers } = this.manner
    const mortal = {
      id,
      role,
      group: group ?? pid,
      child,
      lag,
      born: this.mono,
      alive: true,
      doomed: false,
      abandoned: false,
    }
    this.mortals.push(mortal)
    if (role === 'main') for (let index = 0; index < workers; index++) this.#born('worker', pid, false)
    return mortal
  }

  #inGroup(group: number): Mortal[] {
    return this.mortals.filter(mortal => mortal.alive && mortal.group === group)
  }

  #signal(mortal: Mortal, signal: string, group: boolean): void {
    for (const one of group ? this.#inGroup(mortal.group) : [mortal]) this.#end(one, signal)
  }

  #end(mortal: Mortal, signal: string): void {
    if (!mortal.alive) return
    if (this.#held) mortal.doomed ||= signal === 'SIGKILL'
    else if (signal === 'SIGKILL' || mortal.lag === 0) this.die(mortal, null, signal)
    else if (mortal.lag !== Infinity) this.#deaths.push({ at: this.mono + mortal.lag, mortal })
  }
}

function earliest<T extends { readonly at: number }>(list: readonly T[]): T | undefined {
  return list.reduce<T | undefined>((best, one) => (best === undefined || one.at < best.at ? one : best), undefined)
}
