import type { AgentConfig } from '../model/agent-config.ts'
import type { Account } from './account.ts'
import { type Health, newHealth } from './health.ts'
import { type Life, newLife, type ProcessId } from './life.ts'
import type { CpuMark, Usage } from './usage.ts'

/** One agent with all that agent-spawn holds of it: data only, there may be a thousand. */
export interface Unit {
  readonly name: string
  /** Where its configuration stands; null: standard input. */
  file: string | null
  config: AgentConfig
  /** A changed configuration, taken at the next launch: the process in place is still stopped by the old one. */
  pending: AgentConfig | null
  /** Whom it runs as, once that is known (B17). */
  account: Account | null
  life: Life
  /** The child whose end is awaited: the agent itself (`simple`), or the command that forks (`fork`). */
  child: ProcessId | null
  /** The process whose group is waited for after its own end. */
  group: ProcessId | null
  /** Its pid file as it was at the launch, or when a process was last taken from it (B16). */
  pidMark: string | null
  /** How often it was launched: a late answer to an older launch is none. */
  launches: number
  /** Its file is gone: it is forgotten once it has stopped. */
  removed: boolean
  /** Where its log begins to be that of the process that was started last; another object for each. */
  log: LogStart
  /** OOM kills in its group when the process was started. */
  oomBefore: number
  usage: Usage
  mark: CpuMark | null
  /** When its limits are looked at next (B25), in seconds since the epoch. */
  limitsAt: number
  health: Health
  /** Ends the check that is under way. */
  cancelCheck: (() => void) | null
  /** The message of its last event. */
  last: string | null
  /** The last abnormal end or failed start, and the last line that it wrote; null: there was none. */
  trouble: string | null
  /** What its last process that ended of itself had written last. */
  lines: readonly string[]
}

/** Ends the check that is under way, if there is one: nothing comes of it. */
export function endCheck(unit: Unit): void {
  unit.cancelCheck?.()
  unit.cancelCheck = null
}

/** How many bytes a log had when a process was started: what follows are its lines, up to the start of the next. */
export interface LogStart {
  readonly from: number
}

/** Nothing is known. */
export const NO_USAGE: Usage = { cpu: null, rss: null, fds: null }

/** An agent that is stopped; `now` of the steady clock. */
export function newUnit(config: AgentConfig, file: string | null, now: number): Unit {
  return {
    name: config.name,
    file,
    config,
    pending: null,
    account: null,
    life: newLife(now),
    child: null,
    group: null,
    pidMark: null,
    launches: 0,
    removed: false,
    log: { from: 0 },
    oomBefore: 0,
    usage: NO_USAGE,
    mark: null,
    limitsAt: 0,
    health: newHealth(now),
    cancelCheck: null,
    last: null,
    trouble: null,
    lines: [],
  }
}
