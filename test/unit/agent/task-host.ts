import { versionIn } from '../../../lib/agent/task-config.ts'
import type { Answer, Deed, Found, JournalEntry, PlanMove } from '../../../lib/agent/task-deeds.ts'
import { planStep } from '../../../lib/agent/task-plan.ts'
import { parseAgentText } from '../../../lib/model/agent-config-parse.ts'
import type { InstallTask, UninstallTask } from '../../../lib/model/task.ts'

/** The text of a configuration of agent `web`. */
export function textOf(version: string, more: object = {}): string {
  return JSON.stringify({ name: 'web', version, exec: '/opt/web', ...more })
}

/** An upgrade of agent `web` to 1.1. */
export function upgrade(more: Partial<InstallTask> = {}): InstallTask {
  const agent = { id: 'u1', name: 'web', version: '1.1' }
  const what = { url: 'ftp://a/web', checksum: 'ab'.repeat(32), speed: 100, parameter: null }
  return { action: 'upgrade', ...agent, ...what, ...more }
}

/** An uninstall of agent `web`, version 1.0. */
export function uninstall(more: Partial<UninstallTask> = {}): UninstallTask {
  return { action: 'uninstall', id: 'x1', name: 'web', version: '1.0', force: false, ...more }
}

/** What a host is made with. */
export interface Manner {
  readonly pkg: string | null
  readonly config: string | null
  readonly runs: boolean
  /** The versions whose program works. */
  readonly works: readonly string[]
  /** Its process outlives agent-spawn (B31). */
  readonly fork: boolean
  /** The version of a program that stands beside the package. */
  readonly beside?: string
}

/** A host with one agent, and what the deeds do to it. */
export class Host {
  pkg: string | null
  /** A change of the package was begun, and killed. */
  half = false
  previous: string | null = null
  config: string | null
  loaded: string | null
  journal: JournalEntry | null = null
  /** The version whose process runs; null: none. */
  process: string | null
  wanted: boolean
  deeds: string[] = []
  stopFailed = false
  readonly manner: Manner

  constructor(manner: Manner) {
    this.manner = manner
    this.pkg = manner.pkg
    this.config = manner.config
    this.loaded = manner.config
    this.process = manner.runs ? manner.pkg : null
    this.wanted = manner.runs
  }

  look(): Found {
    const up = this.process === null ? 'backoff' : 'running'
    const rest = this.loaded === null ? null : 'stoped'
    return { version: this.pkg, half: this.half, how: 'tar', config: this.config, state: this.wanted ? up : rest }
  }

  /** What the deed does, and its answer. */
  do(deed: Deed): Answer {
    const done: Answer = { type: 'done' }
    switch (deed.deed) {
      case 'look':
        return { type: 'found', found: this.look() }
      case 'download':
        return { type: 'file', path: '/tmp/web' }
      case 'stop':
        this.wanted = false
        this.process = null
        return done
      case 'install':
        if (this.pkg !== deed.version || this.half) this.replace(this.pkg, deed.version)
        return done
      case 'back':
        if (this.half) return this.takeOff()
        if (this.previous === null) return { type: 'failed', errcode: 302, message: 'there is none before' }
        this.replace(null, this.previous)
        return done
      case 'remove-pkg':
        this.replace(null, null)
        return done
      case 'write-config':
        this.config = deed.text
        return done
      case 'remove-config':
        this.config = null
        return done
      case 'reload-agent':
        this.loaded = this.config
        if (this.config === null) Object.assign(this, { process: null, wanted: false })
        return done
      case 'start':
        this.wanted = true
        return this.live() || this.loaded !== null ? done : { type: 'failed', errcode: 105, message: 'no such agent' }
      case 'watch':
        return this.live() ? done : { type: 'failed', errcode: 503, message: 'exit 1' }
      case 'journal':
        this.journal = deed.entry
        return done
      case 'finish':
        return done
      default:
        return deed satisfies never
    }
  }

  /** No package is replaced under a process, unless that cannot be stopped. */
  replace(previous: string | null, pkg: string | null): void {
    if (this.process !== null && !this.stopFailed) throw new Error('replaced while it runs')
    this.previous = previous
    this.pkg = pkg
    this.half = false
  }

  /** What was begun is undone: the version before is whole again. */
  takeOff(): Answer {
    if (this.process !== null && !this.stopFailed) throw new Error('replaced while it runs')
    this.half = false
    return { type: 'done' }
  }

  /** What is wanted runs, if its program works and its configuration is of the same version. */
  live(): boolean {
    if (!this.wanted || this.process !== null) return this.process !== null
    const { beside } = this.manner
    if (beside !== undefined && this.loaded !== null && this.pkg === null && versionIn(this.loaded) === beside)
      this.process = beside
    const fits = this.loaded !== null && this.pkg !== null && !this.half && versionIn(this.loaded) === this.pkg
    if (fits && this.pkg !== null && this.manner.works.includes(this.pkg)) this.process = this.pkg
    return this.process !== null
  }

  /** agent-spawn is killed and starts again. */
  restart(): void {
    this.loaded = this.config
    if (!this.manner.fork) this.process = null
    const autostart = this.config !== null && parseAgentText(this.config).config?.autostart === true
    this.wanted = autostart || this.process !== null
    this.live()
  }
}

/** How a plan ended. */
export interface End {
  readonly errcode: number
  readonly message: string
}

/** What stands in the way of a deed: an answer in place of doing it, or after having done it; `dies`: agent-spawn does. */
export type Fault = { readonly answer: Answer; readonly after: boolean } | 'dies before' | 'dies within' | 'dies after'

/** Does a plan to its end, or until agent-spawn dies: then null. */
export function carryOut(host: Host, first: PlanMove, faultAt: (deed: Deed, step: number) => Fault | null): End | null {
  let move = first
  for (let step = 0; ; step++) {
    if (step > 60) throw new Error('it does not end')
    const { deed } = move
    host.deeds.push(deed.deed)
    if (deed.deed === 'finish') return { errcode: deed.errcode, message: deed.message }
    const fault = faultAt(deed, step)
    if (fault === 'dies within' && deed.deed === 'install' && host.pkg !== deed.version) host.half = true
    if (fault === 'dies before' || fault === 'dies within') return null
    const effect = fault === null || fault === 'dies after' || fault.after ? host.do(deed) : { type: 'done' as const }
    if (fault === 'dies after') return null
    if (fault !== null && deed.deed === 'stop') host.stopFailed = true
    move = planStep(move.plan, fault === null ? effect : fault.answer)
  }
}
