import type { AnyhostZone, ZoneBlock } from '../model/anyhost.ts'
import { activeSets, compareActive } from '../model/anyhost-active.ts'
import { nameKey } from '../model/names.ts'
import type { Ranking } from '../model/ranking.ts'
import { publishedOf } from './installed.ts'
import type { PublishedZone } from './rank-round.ts'
import { changeOf } from './set-change.ts'

/**
 * What kind of change of a domain it is. `unexplained`: its active records differ, and the ranking has no cause on
 * record; `wildcard`: a CNAME that `--wildcards` added.
 */
export type ChangeCause =
  | 'failure'
  | 'recovery'
  | 'voluntary'
  | 'edited'
  | 'unexplained'
  | 'added'
  | 'removed'
  | 'wildcard'

/** One domain whose active records differ from the installed ones. */
export interface Change {
  /** As written in the file. */
  readonly owner: string
  readonly cause: ChangeCause
  /** Seconds saved by a voluntary change. */
  readonly gain: number
  /** Put off to a later round. */
  readonly clipped: boolean
}

/** A zone that was built, and what it was built from. */
export interface Built {
  readonly rankings: readonly Ranking[]
  readonly blocks: readonly ZoneBlock[]
  /** The owners that `--wildcards` added. */
  readonly generated: ReadonlySet<string>
}

/** Of the voluntary changes, so many domains a round (damping 8.3); at least one, or few domains would never change. */
const CLIP_SHARE = 0.1

/** The domains whose active records differ from those installed, with the cause of each, in file order. Pure. */
export function findChanges(installed: Pick<AnyhostZone, 'blocks'>, built: Built): Change[] {
  const changed = compareActive(activeSets(installed), activeSets(built))
  if (changed.length === 0) return []
  const before = new Map(installed.blocks.map(({ owner }) => [nameKey(owner), owner]))
  const owners = new Map(built.blocks.map(({ owner }) => [nameKey(owner), owner]))
  const rankings = new Map(built.rankings.map(ranking => [nameKey(ranking.domain), ranking]))
  let published: PublishedZone | undefined
  const causeOf = (key: string): Pick<Change, 'cause' | 'gain'> => {
    const ranking = rankings.get(key)
    if (ranking === undefined) return { cause: built.generated.has(key) ? 'wildcard' : 'removed', gain: 0 }
    if (!before.has(key)) return { cause: 'added', gain: 0 }
    // rank-ips was not told what is installed; we know it.
    if (ranking.cause === 'first') published ??= publishedOf(installed)
    const known = ranking.cause === 'first' ? changeOf(published?.get(key), ranking) : ranking
    if (known.cause === 'first' || known.cause === 'same' || known.cause === 'held')
      return { cause: 'unexplained', gain: 0 }
    return { cause: known.cause, gain: known.gain }
  }
  return changed.map(key => ({
    owner: owners.get(key) ?? rankings.get(key)?.domain ?? before.get(key) ?? key,
    ...causeOf(key),
    clipped: false,
  }))
}

/** Marks the voluntary changes beyond the limit as clipped, those that gain least first. Pure. */
export function clip(changes: readonly Change[], domains: number): Change[] {
  const allowed = Math.max(1, Math.floor(CLIP_SHARE * domains))
  const voluntary = changes.filter(({ cause }) => cause === 'voluntary').sort((a, b) => b.gain - a.gain)
  const clipped = new Set(voluntary.slice(allowed))
  return changes.map(change => (clipped.has(change) ? { ...change, clipped: true } : change))
}

/** The blocks with those of clipped domains as they are installed. Pure. */
export function keepClipped(
  blocks: readonly ZoneBlock[],
  installed: Pick<AnyhostZone, 'blocks'>,
  changes: readonly Change[],
): ZoneBlock[] {
  const clipped = new Set(changes.filter(change => change.clipped).map(({ owner }) => nameKey(owner)))
  if (clipped.size === 0) return [...blocks]
  const old = new Map(installed.blocks.map(block => [nameKey(block.owner), block]))
  return blocks.map(block => (clipped.has(nameKey(block.owner)) ? (old.get(nameKey(block.owner)) ?? block) : block))
}
