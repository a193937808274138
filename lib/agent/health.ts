import type { AgentConfig } from '../model/agent-config.ts'
import { matchFault } from './match.ts'

/** How well an agent has been since its start (B26 to B28, B69). */
export interface Health {
  /** Failed checks in a row, and what the last one was. */
  readonly check: number
  readonly checkFault: string | null
  /** Intervals in a row without a heartbeat that matches, and what the last one was. */
  readonly heartbeat: number
  readonly heartbeatFault: string | null
  /** What is wrong with the last heartbeat of the present interval. */
  readonly heard: string | null
  /** What the next check, and the end of the present heartbeat interval, are reckoned from. */
  readonly checkFrom: number
  readonly heartbeatFrom: number
}

/** What is learnt of an agent. */
export type HealthResult =
  /** The answer to a check; null: it is well. */
  | { readonly type: 'check'; readonly fault: string | null }
  | { readonly type: 'heartbeat'; readonly message: string }
  /** Time has passed: see nextLook. */
  | { readonly type: 'time' }

/** What follows. */
export interface HealthStep {
  readonly health: Health
  /** Stop it and start it again, and why; the counts begin anew. */
  readonly abnormal: string | null
  /** It is to be asked now. */
  readonly ask: boolean
  /** One failure, for an event or the log: `check failed: connection refused`. */
  readonly failed: string | null
}

const CLEAN = { check: 0, checkFault: null, heartbeat: 0, heartbeatFault: null, heard: null } as const

/** The health of an agent that was just started: nothing of an earlier process counts. */
export function newHealth(now: number): Health {
  return { ...CLEAN, checkFrom: now, heartbeatFrom: now }
}

/**
 * When the agent is to be looked at next, in seconds since the epoch; Infinity: never. With `now`, never later than one
 * interval from then, also where the clock was set back.
 */
export function nextLook(config: AgentConfig, health: Health, now = Number.POSITIVE_INFINITY): number {
  const { checkFrom, heartbeatFrom } = health
  const check = dueAfter(config.check, Math.min(checkFrom, now))
  return Math.min(check, dueAfter(config.heartbeat, Math.min(heartbeatFrom, now)))
}

/**
 * What is to be done with an agent (B28, B69): `checks` failures in a row are abnormal; with `checkall` only when all that
 * is configured, check and heartbeat, has so many at the same time. A clock that is set is nobody's failure: a look that
 * comes a whole interval late, or far too early, begins a new interval. Pure.
 */
export function healthStep(config: AgentConfig, health: Health, result: HealthResult, now: number): HealthStep {
  switch (result.type) {
    case 'check':
      return takeCheck(config, health, result.fault)
    case 'heartbeat':
      return takeHeartbeat(config, health, result.message, now)
    case 'time':
      return takeTime(config, health, now)
    default:
      return result satisfies never
  }
}

function takeCheck(config: AgentConfig, health: Health, fault: string | null): HealthStep {
  if (fault === null) return quiet({ ...health, check: 0, checkFault: null })
  return judge(config, { ...health, check: health.check + 1, checkFault: fault }, `check failed: ${fault}`)
}

function takeHeartbeat({ heartbeat }: AgentConfig, health: Health, message: string, now: number): HealthStep {
  if (heartbeat === null) return quiet(health)
  const fault = heartbeat.match === null ? null : matchFault(heartbeat.match, message)
  if (fault !== null) return quiet({ ...health, heard: `message ${fault}` })
  return quiet({ ...health, heartbeat: 0, heartbeatFault: null, heard: null, heartbeatFrom: now })
}

function takeTime(config: AgentConfig, health: Health, now: number): HealthStep {
  const { check, heartbeat } = config
  const ask = now >= dueAfter(check, health.checkFrom)
  const checkFrom = ask ? now : Math.min(health.checkFrom, now)
  const due = dueAfter(heartbeat, health.heartbeatFrom)
  const next = { ...health, checkFrom, heartbeatFrom: now >= due ? now : Math.min(health.heartbeatFrom, now) }
  if (heartbeat === null || now < due || now >= due + heartbeat.interval) return { ...quiet(next), ask }
  const heartbeatFault = health.heard ?? `none within ${heartbeat.interval} s`
  const missed = { ...next, heartbeat: health.heartbeat + 1, heartbeatFault, heard: null }
  const judged = judge(config, missed, `heartbeat failed: ${heartbeatFault}`)
  return { ...judged, ask: ask && judged.abnormal === null }
}

function judge(config: AgentConfig, health: Health, failed: string): HealthStep {
  const { check, heartbeat, checks, checkall } = config
  const isCheck = check !== null && health.check >= checks
  const isHeartbeat = heartbeat !== null && health.heartbeat >= checks
  const isAbnormal = checkall
    ? (isCheck || check === null) && (isHeartbeat || heartbeat === null)
    : isCheck || isHeartbeat
  if (!isAbnormal) return { ...quiet(health), failed }
  const words: string[] = []
  if (isCheck) words.push(`check failed ${times(health.check)}: ${health.checkFault}`)
  if (isHeartbeat) words.push(`heartbeat failed ${times(health.heartbeat)}: ${health.heartbeatFault}`)
  return { health: { ...health, ...CLEAN }, abnormal: words.join('; '), ask: false, failed }
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times in a row`
}

function quiet(health: Health): HealthStep {
  return { health, abnormal: null, ask: false, failed: null }
}

function dueAfter(look: { readonly interval: number } | null, from: number): number {
  return look === null ? Number.POSITIVE_INFINITY : from + look.interval
}
