import type { LogLevel } from '../model/control.ts'
import type {
  AgentConfigTask,
  ConfigTask,
  InstallTask,
  ProgramTask,
  TaskRefusal,
  TaskSpec,
  UninstallTask,
} from '../model/task.ts'

/** A task that is done for an agent. */
export type NamedTask = Exclude<TaskSpec, ConfigTask>

/** A task that is being done. */
export interface RunningTask {
  readonly id: string
  /** The agent; null: bootagent itself. */
  readonly name: string | null
  /** Of its kind only one is done at a time (B39): install, upgrade and uninstall. */
  readonly alone: boolean
  /** Seconds since the epoch. */
  readonly since: number
}

/** How a task ended; `began`: it was not refused or cancelled before it was begun. */
export interface TaskResult {
  readonly id: string
  /** The agent; null: bootagent itself, or a task that was not understood. */
  readonly name: string | null
  readonly errcode: number
  readonly message: string
  readonly began: boolean
}

/** The tasks of a host, in memory only (B43). */
export interface Queue {
  /** In the order in which they came. */
  readonly waiting: readonly NamedTask[]
  readonly running: readonly RunningTask[]
  /** Ends that no server has been told yet, the oldest first. */
  readonly results: readonly TaskResult[]
  /** The ids of the last tasks and when they came or ended, the oldest first (B42). */
  readonly seen: readonly { readonly id: string; readonly at: number }[]
  /** B47: tasks that were begun and have ended, those that failed, were refused or cancelled, and repeats. */
  readonly run: number
  readonly fail: number
  readonly pass: number
  /** Results that were thrown away since the last report that was answered. */
  readonly lost: number
}

/** What happens to the tasks. */
export type QueueEvent =
  | { readonly type: 'received'; readonly task: TaskSpec | { readonly refusal: TaskRefusal } }
  /** What an earlier agent-spawn had begun is taken up from its journal: it is being done again. */
  | { readonly type: 'resumed'; readonly id: string; readonly name: string }
  /** A task has come to its end: errcode 0, or why it failed. */
  | { readonly type: 'done'; readonly id: string; readonly errcode: number; readonly message: string }
  /** A report with these ends was answered. */
  | { readonly type: 'delivered'; readonly ids: readonly string[] }

/** What is to be done, in this order; `configure` and `run` are each answered by one `done`. */
export type QueueAction =
  | { readonly type: 'configure'; readonly task: ConfigTask | AgentConfigTask }
  | { readonly type: 'run'; readonly task: InstallTask | UninstallTask | ProgramTask }
  /** To be told as what has happened. */
  | { readonly type: 'ended'; readonly result: TaskResult }
  | { readonly type: 'note'; readonly level: LogLevel; readonly text: string }

/** What has become of the tasks, and what is to be done. */
export interface QueueMove {
  readonly queue: Queue
  readonly actions: readonly QueueAction[]
}

/** No tasks. */
export function newQueue(): Queue {
  return { waiting: [], running: [], results: [], seen: [], run: 0, fail: 0, pass: 0, lost: 0 }
}

/** A line for the log. */
export function note(level: LogLevel, text: string): QueueAction {
  return { type: 'note', level, text }
}
