import type { AddressSet } from '../../model/damping-state.ts'
import type { Decision } from '../table.ts'
import type { View } from './choose.ts'
import { DAMPING } from './defaults.ts'

/** A set in words. */
export function nameOf({ ips, cname }: AddressSet): string {
  if (ips.length > 0) return ips.join(', ')
  return cname === null ? 'nothing' : `the CNAME ${cname}`
}

/** Seconds as a person reads them: `0.210 s`. */
function secondsOf(seconds: number): string {
  return `${seconds.toFixed(3)} s`
}

/** Nothing was published before. */
export function first(fresh: Decision): string {
  return `first: ${fresh.reason}`
}

/** A domain that is not measured, whose configuration changed. */
export function edited(fresh: Decision): string {
  return `moved: the configuration changed; ${fresh.reason}`
}

/** An edited configuration made a change necessary. */
export function adapted(gone: readonly string[], set: AddressSet): string {
  const why = gone.length > 0 ? `${gone.join(', ')} ${isAre(gone)} no longer configured` : 'the configuration changed'
  return `moved to ${nameOf(set)}: ${why}`
}

/** Rule 1. */
export function isDown(down: readonly View[], set: AddressSet, fresh: Decision): string {
  const ips = down.map(({ ip }) => ip)
  const rest = fresh.case === 'C' ? '' : `; ${fresh.reason}`
  return `moved to ${nameOf(set)}: ${ips.join(', ')} ${isAre(ips)} down${rest}`
}

/** Something answers again. */
export function recovered(set: AddressSet, before: string): string {
  return `moved to ${nameOf(set)}: ${before}`
}

/** Rule 2, confirmed. */
export function bad(ip: string, score: number, goodTime: number, rounds: number, set: AddressSet): string {
  return `moved to ${nameOf(set)}: ${ip} has been bad for ${rounds} rounds (${secondsOf(score)}, good is below ${goodTime} s)`
}

/** Rule 2, not yet confirmed. */
export function badSoFar(ip: string, score: number, goodTime: number, rounds: number): string {
  const limits = `${secondsOf(score)}, good is below ${goodTime} s`
  return `${ip} is bad (${limits}), a switch needs ${DAMPING.confirmRounds} rounds (${rounds} so far)`
}

/** The way back, confirmed. */
export function back(set: AddressSet, rounds: number): string {
  return `moved to ${nameOf(set)}: to be had again for ${rounds} rounds`
}

/** The way back, not yet. */
export function backSoFar(set: AddressSet, rounds: number, waiting: View | undefined): string {
  const so = `${nameOf(set)} ${set.ips.length > 1 ? 'are' : 'is'} to be had, a switch needs ${DAMPING.confirmRounds} rounds (${rounds} so far)`
  if (waiting === undefined) return so
  return `${so}, and ${waiting.ip}, which was down, stays away for ${Math.ceil(waiting.waiting)} s more`
}

/** The hold timer. */
export function holding(voluntary: number, now: number): string {
  const ago = Math.max(0, Math.round(now - voluntary))
  return `the last voluntary switch was ${ago} s ago, the next must be ${DAMPING.hold} s after it`
}

/** A comparison of two sets. */
export interface Faster {
  readonly from: AddressSet
  readonly to: AddressSet
  readonly percent: number
  /** Seconds. */
  readonly gain: number
  /** Percent that a switch needs. */
  readonly need: number
}

/** Rule 3, confirmed. */
export function faster({ from, to, percent, gain }: Faster, rounds: number): string {
  return `moved to ${nameOf(to)}: ${isAre(to.ips)} ${percentOf(percent)} (${secondsOf(gain)}) faster than ${nameOf(from)} for ${rounds} rounds`
}

/** Rule 3, not yet confirmed. */
export function fasterSoFar({ from, to, percent, gain, need }: Faster, rounds: number): string {
  const least = `${need} % and ${DAMPING.marginSeconds * 1000} ms for ${DAMPING.confirmRounds} rounds`
  const so = rounds > 0 ? ` (${rounds} so far)` : ''
  if (gain === 0) return `${nameOf(to)} ${isAre(to.ips)} not faster than ${nameOf(from)}`
  return `${nameOf(to)} ${isAre(to.ips)} ${percentOf(percent)} (${secondsOf(gain)}) faster than ${nameOf(from)}, a switch needs ${least}${so}`
}

/** Rule 3, but the difference may be noise. */
export function notSure({ from, to, percent }: Faster, wins: number | null): string {
  const so = `${nameOf(to)} ${isAre(to.ips)} ${percentOf(percent)} faster than ${nameOf(from)}`
  if (wins === null) return `${so}, by too few results so far`
  const need = `${percentOf(DAMPING.winShare * 100)} are needed`
  return `${so}, but only in ${percentOf(wins * 100)} of the comparisons of their last results, ${need}`
}

function percentOf(percent: number): string {
  return `${Math.round(percent)} %`
}

function isAre(ips: readonly string[]): string {
  return ips.length > 1 ? 'are' : 'is'
}
