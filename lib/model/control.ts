import type { Agent, AgentState } from './agent.ts'
import type { AgentConfig } from './agent-config.ts'
import type { Event } from './event.ts'
import type { Snapshot } from './report.ts'
import type { TaskResult } from './task-result.ts'

/** How much the log of agent-spawn says (B13): its level and all that is worse. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** See LOG_LEVELS. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A word as a level; throws an Error that lists them. */
export function toLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find(word => word === text)
  if (level === undefined)
    throw new Error(`'${text}' is not ${LOG_LEVELS.slice(0, -1).join(', ')} or ${LOG_LEVELS.at(-1)}`)
  return level
}

/** What can be asked on the control socket (B57): one object a line, and one line of answer to each, in order. */
export type ControlRequest =
  /** No names: every agent. An unknown name is a refusal ('no'). */
  | { readonly ask: 'status'; readonly names: readonly string[] }
  /** Answered when the end state has come, or after `wait` seconds without it. */
  | { readonly ask: 'start' | 'stop' | 'restart'; readonly name: string; readonly wait: number }
  /** Events with an id above `after`, the last `most` of them; waits up to `wait` seconds until there is one. */
  | { readonly ask: 'events'; readonly after: number; readonly most: number; readonly wait: number }
  | { readonly ask: 'explain'; readonly name: string }
  | { readonly ask: 'config' }
  | { readonly ask: 'setlog'; readonly level: LogLevel }
  | { readonly ask: 'version' }
  /** What the host reports now (B53). */
  | { readonly ask: 'report' }
  /** What a server has answered to it: what it says is delivered may be forgotten. */
  | { readonly ask: 'apply'; readonly reply: ReportReply }
  /** Report now; answered when that has ended. */
  | { readonly ask: 'sync' }
  /** Something that a server wants done, as it came (B33). */
  | { readonly ask: 'task'; readonly task: Readonly<Record<string, unknown>> }
  /** The tasks, and what became of those whose end no server was told yet. */
  | { readonly ask: 'tasks' }

/** The part of a reply that agent-spawn has use for. */
export interface ReportReply {
  /** A UUID in lower case. */
  readonly agentsn: string
  /** Of the agent-spawn whose report it was; null: that is not known. */
  readonly run: string | null
  readonly tags: string | null
  /** The id of the last event that was delivered. */
  readonly events: number
  /** The server, where it said that it takes gzip (B67); null: it did not. */
  readonly gzip: string | null
  /** The ids of the tasks whose end was delivered. */
  readonly tasks: readonly string[]
}

/** Why a request was refused: 'no' asked and the answer is no, 'data' it is not understood, 'again' try later. */
export type ControlFault = 'no' | 'data' | 'again'

/** The answers, by what was asked. */
export interface ControlAnswers {
  readonly status: { readonly agents: readonly Agent[] }
  readonly start: ControlMove
  readonly stop: ControlMove
  readonly restart: ControlMove
  /** `last`: the id to ask after next; `lost`: events that were thrown away, unread, to bound the memory. */
  readonly events: { readonly events: readonly Event[]; readonly last: number; readonly lost: number }
  readonly explain: { readonly lines: readonly string[] }
  readonly config: { readonly settings: Readonly<Record<string, unknown>>; readonly agents: readonly AgentConfig[] }
  readonly setlog: { readonly level: LogLevel; readonly before: LogLevel }
  readonly report: { readonly snapshot: Snapshot }
  /** `step`: seconds between two reports. */
  readonly apply: { readonly step: number }
  readonly sync: { readonly answered: boolean; readonly message: string }
  readonly task: Readonly<Record<never, never>>
  readonly tasks: { readonly tasks: readonly TaskResult[] }
  readonly version: {
    readonly version: string
    readonly pid: number
    readonly uptime: number
    readonly feature: number
  }
}

/** Where a start, stop or restart has led to; `reached`: to what was asked for. */
export interface ControlMove {
  readonly agent: Agent
  readonly state: AgentState
  readonly reached: boolean
  /** Why it was not reached, in words. */
  readonly reason: string | null
}

/** One line of answer. */
export type ControlReply<A extends keyof ControlAnswers = keyof ControlAnswers> =
  | ({ readonly ok: true } & ControlAnswers[A])
  | { readonly ok: false; readonly fault: ControlFault; readonly error: string }
