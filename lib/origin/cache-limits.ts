import { compareActive } from '../model/anyhost-active.ts'

/** The limits of a cache against its installed file (formats 14, damping 8.3), as shares and counts. */
const REMOVED = 0.05
const REMOVED_MOST = 3
const CHANGED = 0.3
const CHANGED_LEAST = 10

/** The active records per owner, of `activeSets`. */
export type Sets = ReadonlyMap<string, string>

/** Are so many domains gone that a cache refuses: more than 3, and more than 5 % of them? */
export function isLoss(before: Sets, now: Sets): boolean {
  const gone = before.size - now.size
  return gone > REMOVED_MOST && gone > before.size * REMOVED
}

/** Do so many of `size` installed domains differ that a cache refuses: more than 30 %, of at least 10? */
export function isUpheaval(size: number, changed: number): boolean {
  return size >= CHANGED_LEAST && changed > size * CHANGED
}

/** Would a cache that has `before` refuse `now`, unless the end marker explains it? */
export function isPastLimits(before: Sets, now: Sets): boolean {
  return isLoss(before, now) || isUpheaval(before.size, compareActive(before, now).length)
}
