import type { Candidate } from '../table.ts'
import { DAMPING } from './defaults.ts'
import { hashOf } from './text-hash.ts'

/** One address of a domain with all that the choice depends on. */
export interface View extends Candidate {
  /** Seconds, what the order is made from; where there is no sample with a time, the timeout. */
  readonly score: number
  /** The last results, oldest first; a failure counts as the timeout. */
  readonly times: readonly number[]
  readonly flapping: boolean
  /** In the published set. */
  readonly member: boolean
  /** Its last result was a success. */
  readonly answered: boolean
  /** Seconds it still stays away after coming back; always 0 for a member. */
  readonly waiting: number
  /** The highest of equals is chosen: the same in every round, another for another domain and site. */
  readonly draw: number
  /** Went down in this round. */
  readonly fell: boolean
}

/** The draw of an address: rendezvous hashing, so that equal addresses are shared by domains and sites. 0 to 1. */
export function drawOf(domain: string, ip: string, site: string): number {
  return hashOf(`${domain}\n${ip}\n${site}`) / 2 ** 53
}

/**
 * The addresses in the order of choice (damping 8.2): ok before down, good before bad; of one class first those that
 * are not flapping and do not have to wait; then by bands of equal score, and in a band those that are
 * published already, then by the draw. Where the domain is not sorted (column 19), its own order stands in place of
 * the bands.
 */
export function orderOf(views: readonly View[], sort: boolean): readonly View[] {
  const best = Math.min(...views.filter(view => view.ok).map(view => view.score))
  const width = Math.max(DAMPING.bandSeconds, best * DAMPING.bandShare)
  const band = ({ score }: View) => (Number.isFinite(best) ? Math.max(0, Math.floor((score - best) / width)) : 0)
  const rank = ({ ok, good, flapping, waiting }: View) =>
    Number(!ok) * 8 + Number(!good) * 4 + Number(flapping) * 2 + Number(waiting > 0)
  const byScore = (a: View, b: View) => band(a) - band(b) || Number(b.member) - Number(a.member) || b.draw - a.draw
  return views.toSorted((a, b) => rank(a) - rank(b) || (sort ? byScore(a, b) : 0))
}

/**
 * How often one set was faster than another by so many percent, of all pairs of their last results (as Mann and Whitney
 * compare). Medians of windows that overlap pass any margin for three rounds now and then when the times have a long
 * tail: this tells a difference from noise however they are distributed. null: too few results.
 */
export function winsOf(faster: readonly View[], slower: readonly View[], percent: number): number | null {
  const [a, b] = [faster.flatMap(({ times }) => times), slower.flatMap(({ times }) => times)]
  if (a.length < DAMPING.results || b.length < DAMPING.results) return null
  const limit = 1 - percent / 100
  let wins = 0
  for (const x of a) for (const y of b) if (x < y * limit) wins++
  return wins / (a.length * b.length)
}

/** The mean score of a set in seconds; of an empty one, nothing. */
export function meanScore(set: readonly View[]): number | null {
  return set.length === 0 ? null : set.reduce((sum, { score }) => sum + score, 0) / set.length
}
