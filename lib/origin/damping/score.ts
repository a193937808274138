import type { Result, UnitState } from '../../model/damping-state.ts'
import type { ScoreRule } from '../rank-round.ts'
import { DAMPING } from './defaults.ts'

/** The score of a unit in seconds, a failure counted as the timeout; null where there is no sample with a time. */
export function scoreOf(unit: UnitState, { rule }: ScoreRule, timeout: number): number | null {
  const times = timesOf(unit, timeout)
  if (rule === 'ewma') return unit.ewma ?? times.at(-1) ?? null
  if (rule === 'last') return times.at(-1) ?? null
  if (times.length === 0) return null
  return times.length < DAMPING.medianLeast ? Math.max(...times) : medianOf(times)
}

/** The last results in seconds, oldest first, failures counted as the timeout; those without a time are left out. */
export function timesOf({ results }: UnitState, timeout: number): readonly number[] {
  return results.filter(isTimed).map(result => result ?? timeout)
}

function isTimed(result: Result): result is number | null {
  return result !== true
}

function medianOf(times: readonly number[]): number {
  const sorted = Float64Array.from(times).sort()
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2
}

/** Good when faster than the good time; once good, until 1.2 times as slow (damping 8.2, class). */
export function isGood(score: number | null, goodTime: number, wasGood: boolean): boolean {
  if (score === null) return wasGood
  return wasGood ? score <= goodTime * DAMPING.leaveGood && goodTime > 0 : score < goodTime
}
