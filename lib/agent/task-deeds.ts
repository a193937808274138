import type { AgentState } from '../model/agent.ts'
import { errcodeOf } from '../model/errcodes.ts'
import type { InstallTask, UninstallTask } from '../model/task.ts'

/** What the host has of an agent. */
export interface Found {
  /** Of the package that is installed; null: none is. */
  readonly version: string | null
  /** A change of that package was begun and has not come to its end: it is neither the old nor the new one. */
  readonly half: boolean
  /** By which tool it is installed; null: none is. */
  readonly how: string | null
  /** The text of its configuration; null: it has none. */
  readonly config: string | null
  /** null: agent-spawn does not know it. */
  readonly state: AgentState | null
}

/** What is needed to go back, or to go on with an uninstall, when agent-spawn is killed in the midst of it. */
export interface JournalEntry {
  readonly id: string
  readonly name: string
  /** The versions before and after; null: it is not installed. */
  readonly from: string | null
  readonly to: string | null
  /** The version before was not installed by us: there is no package of it to bring back. */
  readonly foreign: boolean
  /** The texts of the configuration before and after; null: it has none. */
  readonly config: string | null
  readonly next: string | null
  /** It ran before, or was about to. */
  readonly ran: boolean
  /** Of an uninstall: go on where a step fails. */
  readonly force: boolean
  /** `watched`: the new version stayed up; nothing is left to do. */
  readonly phase: 'begun' | 'watched'
}

/** One thing that is done for a task; every one is answered, and only then the next is begun. */
export type Deed =
  /** Answered by found. */
  | { readonly deed: 'look'; readonly name: string }
  /** Answered by file, verified where there is a checksum; speed in KB a second. */
  | {
      readonly deed: 'download'
      readonly name: string
      readonly version: string
      readonly url: string
      readonly checksum: string | null
      readonly speed: number
    }
  /** Answered when no process of it is there any more; done where there was none. */
  | { readonly deed: 'stop'; readonly name: string }
  /** `source`: the file that was downloaded, or `yum:…`, `apt:…`; the old version stays to go back to. */
  | { readonly deed: 'install'; readonly name: string; readonly version: string; readonly source: string }
  | { readonly deed: 'write-config'; readonly name: string; readonly text: string }
  /** Done where there is none. */
  | { readonly deed: 'remove-config'; readonly name: string }
  /** Takes the configuration as it is now, or that there is none. */
  | { readonly deed: 'reload-agent'; readonly name: string }
  /** Answered when it was told to start. */
  | { readonly deed: 'start'; readonly name: string }
  /** Answered when it was up for so many seconds, or failed. */
  | { readonly deed: 'watch'; readonly name: string; readonly seconds: number }
  /** This version is undone: the one before is installed again. Done where it is not the one that is there. */
  | { readonly deed: 'back'; readonly name: string; readonly version: string }
  /** Done where none is installed. */
  | { readonly deed: 'remove-pkg'; readonly name: string; readonly force: boolean }
  /** On the disk before it is answered; null: the entry is removed. */
  | { readonly deed: 'journal'; readonly entry: JournalEntry | null }
  /** The last one, not answered: the end of the task. */
  | { readonly deed: 'finish'; readonly errcode: number; readonly message: string }

/** Why a deed, or the task, failed. */
export interface Failure {
  readonly errcode: number
  readonly message: string
}

/** What came of a deed. */
export type Answer =
  | { readonly type: 'found'; readonly found: Found }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'done' }
  | ({ readonly type: 'failed' } & Failure)

/** How far an install, upgrade or uninstall has come. */
export interface Plan {
  readonly task: InstallTask | UninstallTask | null
  readonly name: string
  /** What the answers are for: a look before, the download, the change itself, the ways back, the removal. */
  readonly mode: 'look' | 'fetch' | 'change' | 'look-back' | 'back' | 'look-stay' | 'remove'
  /** A package without a checksum is installed. */
  readonly unverified: boolean
  readonly source: string
  readonly entry: JournalEntry | null
  /** The deed that is being done, those that follow when it succeeds, and all that were begun since the journal. */
  readonly last: Deed | null
  readonly todo: readonly Deed[]
  readonly tried: readonly Deed['deed'][]
  /** Why it goes back, and what failed on the way back. */
  readonly reason: Failure | null
  readonly trouble: Failure | null
}

/** The next deed, and the plan that its answer is for. */
export interface PlanMove {
  readonly plan: Plan
  readonly deed: Deed
}

/** Does the next deed of a list. */
export function doNext(plan: Plan, todo: readonly Deed[]): PlanMove {
  const [deed, ...rest] = todo
  if (deed === undefined) return end(plan, { errcode: errcodeOf('INTERNAL'), message: 'the plan has no end' })
  return { plan: { ...plan, last: deed, todo: rest, tried: [...plan.tried, deed.deed] }, deed }
}

/** The task has come to its end. */
export function end(plan: Plan, { errcode, message }: Failure): PlanMove {
  return doNext(plan, [{ deed: 'finish', errcode, message }])
}

/** An answer that is no answer to what was asked is a fault of ours. */
export function failureOf(answer: Answer, wanted: Answer['type']): Failure {
  if (answer.type === 'failed') return answer
  return { errcode: errcodeOf('INTERNAL'), message: `'${answer.type}' is no answer where '${wanted}' is` }
}

/** It runs, or will again by itself. */
export function isUp(state: AgentState | null): boolean {
  return state === 'running' || state === 'starting' || state === 'backoff' || state === 'killed'
}
