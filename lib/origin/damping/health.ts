import type { Result, UnitState } from '../../model/damping-state.ts'
import type { RankProbe } from '../rank-round.ts'
import { DAMPING } from './defaults.ts'

/** What one round says of a unit: its results in the order they came, quick repeats included. */
export interface Observation {
  readonly ok: boolean
  readonly results: readonly Result[]
  /** Seconds: what a failure counts in a moving average. */
  readonly timeout: number
}

/** False where a probe says nothing of the address: not measured in this round, or failed for a reason of this host. */
export function isEvidence({ source, error }: RankProbe): boolean {
  return source !== 'reuse' && source !== 'nodetect' && error !== 'local'
}

/**
 * The observation in a probe record. A quick repeat is a result of its own: one lost packet must not move traffic, but
 * an address whose every second request fails must be seen (damping 8.2).
 */
export function observationOf(probe: RankProbe, timeout: number): Observation {
  const results: Result[] = []
  for (let i = Math.min(probe.repeats, DAMPING.fall); i > 0; i--) results.push(null)
  results.push(!probe.ok ? null : probe.suspect || probe.total === null ? true : probe.total)
  return { ok: probe.ok, results, timeout }
}

/** The unit's state before it was ever measured. `published`: it is in a zone file in force, so it was up. */
export function newUnit(unit: string, ip: string, published: boolean, now: number): UnitState {
  return {
    type: 'unit-state',
    unit,
    ip,
    up: published,
    results: [],
    streak: 0,
    since: now,
    downs: [],
    ewma: null,
    seen: now,
  }
}

/** How the results of a round are taken in. */
export interface Observing {
  readonly now: number
  /** A mass failure that is believed: what fails is down, without waiting for more failures. */
  readonly believed: boolean
  /** The weight of a new sample, with `--score ewma`. */
  readonly weight: number | null
}

/** The state of a unit after a round: down after 3 failures in a row or 3 of 5, up after 2 successes (1 at first). */
export function observe(before: UnitState, observation: Observation, how: Observing): UnitState {
  let { results, streak, up, ewma } = before
  for (const result of observation.results) {
    const isFirst = results.length === 0
    results = [...results, result].slice(-DAMPING.results)
    const next = result === null ? Math.min(streak, 0) - 1 : Math.max(streak, 0) + 1
    streak = Math.max(-DAMPING.results, Math.min(DAMPING.results, next))
    // After each result: a repeat that succeeds must not hide that it was the third failure of five.
    up = up ? failuresOf(results) < DAMPING.fall : streak >= DAMPING.rise || (isFirst && streak > 0)
    const sample = result === null ? observation.timeout : result
    if (how.weight !== null && sample !== true) {
      ewma = ewma === null ? sample : how.weight * sample + (1 - how.weight) * ewma
    }
  }
  if (how.believed && !observation.ok) up = false
  const isOld = before.downs.some(time => how.now - time >= DAMPING.failureMemory)
  const recent = isOld ? before.downs.filter(time => how.now - time < DAMPING.failureMemory) : before.downs
  const downs = before.up && !up ? [...recent, how.now] : recent
  const since = up === before.up ? before.since : how.now
  return { ...before, up, results, streak, since, downs, ewma, seen: how.now }
}

function failuresOf(results: readonly Result[]): number {
  return results.filter(result => result === null).length
}

/** True when the last result was a failure. */
export function failedLast(unit: UnitState): boolean {
  return unit.results.at(-1) === null
}

/**
 * Seconds that an address which came back still has to wait before it may enter a set again: 1 min, doubled with each
 * failure within the last hour, at most 30 min (damping 8.2, switch).
 */
export function failbackLeft(unit: UnitState, now: number): number {
  const failures = unit.downs.filter(time => now - time < DAMPING.failureMemory).length
  if (failures === 0 || !unit.up) return 0
  const delay = Math.min(DAMPING.failbackLeast * 2 ** (failures - 1), DAMPING.failbackMost)
  return Math.max(0, unit.since + delay - now)
}
