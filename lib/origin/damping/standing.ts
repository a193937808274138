import type { AddressSet, DomainState } from '../../model/damping-state.ts'
import { DAMPING } from './defaults.ts'

/** Where a domain stands at the start of a round: what is in force, and what was remembered about it. */
export interface Standing
  extends Pick<DomainState, 'since' | 'voluntary' | 'candidate' | 'faster' | 'better' | 'bad' | 'left'> {
  /** What is published now; null: not known, or nothing yet. */
  readonly inForce: AddressSet | null
  /** What was decided in the round before has not been done. */
  readonly pending: boolean
}

/**
 * Compares what is in force with what was in force a round ago. A set that was decided counts as done only now that it
 * is seen: where the write guard clipped or refused it, its streak goes on and the hold timer has not started.
 * `installed`: the set in the zone file, null where the file has none; undefined: no file is known, what was decided is
 * in force.
 */
export function standingOf(
  before: DomainState | undefined,
  installed: AddressSet | null | undefined,
  round: number,
  now: number,
): Standing {
  const inForce = installed === undefined ? (before?.decided ?? null) : installed
  const pending = before !== undefined && !sameSet(before.decided, inForce)
  const fresh = { inForce, pending, since: now, candidate: [], faster: 0, better: 0, bad: {} }
  if (before === undefined) return { ...fresh, voluntary: null, left: {} }
  const { voluntary, candidate, faster, better, bad, since, published } = before
  const left = recentLeaves(before.left, round)
  if (sameSet(published, inForce)) return { inForce, pending, since, voluntary, candidate, faster, better, bad, left }
  for (const ip of published?.ips ?? []) {
    if (inForce?.ips.includes(ip) === false) left[ip] = [...(left[ip] ?? []), round]
  }
  return {
    ...fresh,
    since: !pending ? before.decided_at : now,
    voluntary: !pending && before.cause === 'voluntary' ? before.decided_at : voluntary,
    left,
  }
}

/** Equal sets; the order inside a set is never a difference. */
export function sameSet(a: AddressSet | null, b: AddressSet | null): boolean {
  if (a === null || b === null) return a === b
  return a.cname === b.cname && sameAddresses(a.ips, b.ips)
}

/** The same addresses, in any order. */
export function sameAddresses(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(ip => b.includes(ip))
}

/** Left the published set more than 4 times in 21 rounds (damping 8.2, switch). */
export function isFlapping(left: Standing['left'], ip: string): boolean {
  return (left[ip]?.length ?? 0) > DAMPING.flapLeaves
}

function recentLeaves(left: Standing['left'], round: number): Record<string, number[]> {
  const recent: Record<string, number[]> = {}
  for (const [ip, rounds] of Object.entries(left)) {
    const kept = rounds.filter(one => round - one < DAMPING.flapRounds)
    if (kept.length > 0) recent[ip] = kept
  }
  return recent
}
