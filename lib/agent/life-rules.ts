import type { AgentConfig } from '../model/agent-config.ts'
import type { Ending, Life } from './life.ts'

/** The times of the restart policy, in seconds (B30). */
export const POLICY = {
  /** An end sooner than so after the start is not followed by a restart at once. */
  young: 180,
  /** An end sooner than so is abnormal whatever the exit; running longer clears the count. */
  good: 900,
  /** No wait that doubles grows above it. */
  longest: 300,
  /** After a SIGKILL, and while an answer is missing, one looks again so often. */
  again: 1,
} as const

/** An end that nobody asked for. `ending` null: it could not be started; `ran` in seconds. */
export interface Fall {
  readonly ending: Ending | null
  readonly ran: number
  /** It was stopped for a limit or its health: abnormal whatever its exit (B25, B28). */
  readonly forced: boolean
}

/** What a fall leads to: `wait` is the seconds to the restart, 0 for at once; null where there is none. */
export interface Verdict {
  readonly abnormal: boolean
  readonly failures: number
  readonly outcome: 'stoped' | 'fatal' | 'restart'
  readonly wait: number | null
}

/**
 * Judges an end by B23 and B30. A run of 15 minutes clears the count first; an abnormal end after it counts 1, a normal
 * one none. Pure.
 */
export function judgeFall(config: AgentConfig, life: Life, { ending, ran, forced }: Fall): Verdict {
  const normal = ending !== null && !forced && isNormal(config, ending)
  const good = ending !== null && ran >= POLICY.good
  const abnormal = !normal || !good
  const failures = (good ? 0 : life.failures) + (abnormal ? 1 : 0)
  const rest = { abnormal, failures, wait: null }
  if (normal && config.autorestart !== 'yes') return { ...rest, outcome: 'stoped' }
  if (config.autorestart === 'no') return { ...rest, outcome: 'fatal' }
  if (isSpent(config, failures)) return { ...rest, outcome: 'fatal' }
  const wait = ending === null || ran < POLICY.young ? restartWait(config, failures, ending === null) : 0
  return { abnormal, failures, outcome: 'restart', wait }
}

/** An end that is not to be told from a crash, as that of a process that is no child of ours, is not normal. */
function isNormal({ exitcodes }: AgentConfig, { code }: Ending): boolean {
  return code !== null && exitcodes.includes(code)
}

/** So many failures in a row are fatal; a `retries` of 0 allows none, -1 any number (B23). Pure. */
export function isSpent({ retries }: AgentConfig, failures: number): boolean {
  return retries >= 0 && failures > 0 && failures >= retries
}

/**
 * Seconds to the restart after the so manieth failure in a row (B30): doubled each time, at most 5 minutes or
 * `restartsecs` itself. What cannot even be started is not tried more than once a second. Pure.
 */
export function restartWait({ restartsecs }: AgentConfig, failures: number, unstarted: boolean): number {
  const doubled = restartsecs * 2 ** Math.min(30, Math.max(0, failures - 1))
  const wait = Math.min(doubled, Math.max(POLICY.longest, restartsecs))
  return unstarted ? Math.max(1, wait) : wait
}

/** How many failures in a row stand against it now: a run of 15 minutes has cleared them (B30). Pure. */
export function failuresNow(life: Life, now: number): number {
  return life.state === 'running' && ranFor(life, now) >= POLICY.good ? 0 : life.failures
}

/** Seconds since the start of its process; 0 where there was none. Pure. */
export function ranFor({ started }: Life, now: number): number {
  return started === null ? 0 : Math.max(0, now - started)
}

/** `launch` has not been answered yet. */
export function isPending({ state, started }: Life): boolean {
  return state === 'starting' && started === null
}

/** A `fork` agent whose process is gone, and the pid file not read again yet (B15). */
export function isLost({ state, process }: Life): boolean {
  return state === 'running' && process === null
}
