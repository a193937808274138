import type { AgentState } from '../model/agent.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import type { EventKind } from '../model/event.ts'

/** A process that is not mistaken for a later one with the same pid: its start time is that of /proc/PID/stat, field 22. */
export interface ProcessId {
  readonly pid: number
  readonly startTime: number
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
  readonly oom: boolean
}

/** What an agent is up to. */
export interface Life {
  readonly state: AgentState
  /** When it came into this state, seconds since the epoch. */
  readonly since: number
  /** The main process, known and not yet gone; null while `launch` or `refresh` is unanswered. */
  readonly process: ProcessId | null
  readonly adopted: boolean
  /** The command that forks is still running (`fork` only). */
  readonly launching: boolean
  /** When the present or the last process was started; null: never, or `launch` is unanswered. */
  readonly started: number | null
  /** Failed starts and abnormal ends in a row (B23, B30). */
  readonly failures: number
  readonly restarts: number
  /** When the state ends by itself: `starting` is up, `stopping` gets SIGKILL, `backoff` and `killed` start again. */
  readonly until: number | null
  /** What comes after `stopping`. */
  readonly next: 'stoped' | 'start' | 'backoff' | 'killed' | 'fatal' | null
  /** How often SIGKILL was sent in this stop. */
  readonly kills: number
  /** In a stop: the process has ended, and what it has left of its group is waited for. */
  readonly groupLeft: boolean
  /** How the last process ended; null: none has since the last launch. */
  readonly ending: Ending | null
  /** What it was stopped for unasked since the last launch, a limit or its health; null: it was not. */
  readonly forced: string | null
}

/** What happens to an agent. */
export type LifeEvent =
  /** Asked for by a person, a task, a new configuration, or autostart. */
  | { readonly type: 'start' | 'stop' | 'restart' }
  /** The answer to `launch`: a process runs; of a `fork` agent only the command that forks, so `process` is null. */
  | { readonly type: 'spawned'; readonly process: ProcessId | null }
  /** The answer to `launch`: it was running already (B21); `started` is when that process was. */
  | { readonly type: 'adopted'; readonly process: ProcessId; readonly started: number }
  /** The answer to `launch`: it cannot be started. */
  | { readonly type: 'failed'; readonly message: string }
  /** The child ended: the agent itself (`simple`), or the command that forks (`fork`). */
  | ({ readonly type: 'exit'; readonly groupLeft: boolean } & Ending)
  /** A process that is no child of ours, adopted or forked, is no longer there. */
  | { readonly type: 'gone'; readonly oom: boolean; readonly groupLeft: boolean }
  /** The process group that was left behind in a stop is empty now. */
  | { readonly type: 'group-empty' }
  /** The answer to `refresh`: what the pid file says (B15); null: no process; `message` says why. */
  | { readonly type: 'refreshed'; readonly process: ProcessId; readonly started: number }
  | { readonly type: 'refreshed'; readonly process: null; readonly message: string }
  /** Over a limit (B25): `message` is `resource overflow, CPU(31%)`. */
  | { readonly type: 'overflow'; readonly message: string }
  /** `checks` failed checks in a row (B28). */
  | { readonly type: 'unhealthy'; readonly message: string }
  /** Time has passed; nothing happens before `until`. */
  | { readonly type: 'timer' }

/** What is to be done, in this order; an answer is handed in as an event after all of them are done. */
export type LifeAction =
  /**
   * Look for a live process first where `single` says so (B21), else start one; answered by spawned, adopted or failed.
   * A life that goes on before the answer has called it off: what waits (for an account) is not started then.
   */
  | { readonly type: 'launch' }
  /**
   * The present process, still being stopped, is no longer this life's (B31): see to it that it (with stopasgroup its
   * group) gets SIGKILL after `stopsecs`, and hand in nothing of its end.
   */
  | { readonly type: 'abandon' }
  /** To the process, or to its group; while `launching` also to the group of the command that forks. */
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals; readonly group: boolean }
  /** To what is left of a process group whose main process has ended. */
  | { readonly type: 'kill-group' }
  /** Read the pid file (`fork`); answered by refreshed. */
  | { readonly type: 'refresh' }
  /** Record an event; `evidence`: with how it ended. */
  | { readonly type: 'event'; readonly kind: EventKind; readonly message: string; readonly evidence?: Ending }

/** An agent that has not been started. */
export function newLife(now: number): Life {
  return {
    state: 'stoped',
    since: now,
    process: null,
    adopted: false,
    launching: false,
    started: null,
    failures: 0,
    restarts: 0,
    until: null,
    next: null,
    kills: 0,
    groupLeft: false,
    ending: null,
    forced: null,
  }
}

/** What the next state is and what is to be done: see the rows B15 to B31. Pure. */
export type Step = (
  config: AgentConfig,
  life: Life,
  event: LifeEvent,
  now: number,
) => { readonly life: Life; readonly actions: readonly LifeAction[] }
