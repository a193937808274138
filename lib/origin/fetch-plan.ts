import type { FetchState } from './fetch-state.ts'

/** What a run does with its servers. */
export interface Plan {
  /** The servers to ask, in turn, until one gives a valid file. */
  readonly servers: readonly string[]
  /** The one in use; the others stand in for it. */
  readonly usual: string
}

/** How the servers were in this run. */
export interface Outcome {
  /** The one whose file is installed now, or was already; null: none. */
  readonly server: string | null
  readonly nowMs: number
}

/** The alerts of a time of failing, in seconds since its start (damping 8.4). */
const ALERTS = [600, 86_400] as const

/**
 * Which servers this run asks (damping 8.4): the one in use, and the others only when this would be its failure number
 * `sticky`, so that two rankings that differ a little do not alternate. Without an installed file all of them. Pure.
 */
export function planServers(
  servers: readonly string[],
  state: FetchState,
  sticky: number,
  hasInstalled: boolean,
): Plan {
  const usual = servers.find(server => server === state.server) ?? servers[0] ?? ''
  const failures = usual === state.server ? state.failures : 0
  const others = hasInstalled && failures + 1 < sticky ? [] : servers.filter(server => server !== usual)
  return { servers: [usual, ...others], usual }
}

/** The state after the run, but for what is known of the file. Pure. */
export function nextState(state: FetchState, { usual }: Plan, { server, nowMs }: Outcome): FetchState {
  if (server !== null) return { ...state, server, failures: 0, failingSince: null, alerts: 0 }
  const failures = (usual === state.server ? state.failures : 0) + 1
  const failingSince = state.failingSince ?? new Date(nowMs).toISOString()
  const alerts = alertsDue(failingSince, nowMs)
  return { ...state, server: usual, failures, failingSince, alerts: Math.max(alerts, state.alerts) }
}

/** How many seconds a time of failing has lasted; a clock that went back counts as 0. Pure. */
export function failingSeconds(since: string, nowMs: number): number {
  return Math.max(0, (nowMs - Date.parse(since)) / 1000) || 0
}

/** How many alerts a time of failing has given cause for. Pure. */
function alertsDue(since: string, nowMs: number): number {
  return ALERTS.filter(seconds => failingSeconds(since, nowMs) >= seconds).length
}
