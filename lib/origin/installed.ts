import { type AnyhostZone, parseAnyhost, scanAnyhost, type ZoneLine } from '../model/anyhost.ts'
import { nameKey } from '../model/names.ts'
import { readOptional } from '../sys/optional-file.ts'
import type { PeerView, PublishedSet, PublishedZone } from './rank-round.ts'

/**
 * What a zone file publishes. A file that is not there yet publishes nothing. Lines that are damaged are passed over:
 * write-anyhost is the one that judges the file. Throws 'io' or 'permission'.
 */
export async function readPublished(path: string): Promise<PublishedZone> {
  const text = await readOptional(path)
  const { zone, take } = collectPublished()
  if (text !== null) scanAnyhost(text, take)
  return zone
}

/** What the peer's zone file says of each address; null where there is none, or it is not whole. */
export async function readPeer(path: string): Promise<PeerView | null> {
  const text = await readOptional(path)
  if (text === null) return null
  const zone = parseAnyhost(text)
  return zone.faults.length > 0 ? null : peerViewOf(zone)
}

/** The published sets of a zone, by owner. */
export function publishedOf({ blocks }: Pick<AnyhostZone, 'blocks'>): PublishedZone {
  const { zone, take } = collectPublished()
  for (const { owner, lines } of blocks) for (const line of lines) take(owner, line)
  return zone
}

/** Per address: true where every line of it is `ip_down`; addresses that were not measured are absent. */
export function peerViewOf({ blocks }: Pick<AnyhostZone, 'blocks'>): PeerView {
  const view = new Map<string, boolean>()
  for (const line of blocks.flatMap(({ lines }) => lines)) {
    if (line.rr === 'CNAME' || line.measure === null || line.measure.status === 'no_detect') continue
    const isDown = line.measure.status === 'ip_down'
    view.set(line.address, isDown && (view.get(line.address) ?? true))
  }
  return view
}

/** A published set while it is gathered. */
interface GrowingSet {
  readonly ips: string[]
  readonly down: string[]
  cname: PublishedSet['cname']
}

/** Gathers the published sets line by line: the 60,000 lines of a large zone never stand in memory together. */
function collectPublished() {
  const zone = new Map<string, GrowingSet>()
  let set: GrowingSet | undefined
  let lastOwner: string | undefined
  const take = (owner: string, line: ZoneLine): void => {
    if (set === undefined || owner !== lastOwner) {
      const key = nameKey(owner)
      set = zone.get(key) ?? { ips: [], down: [], cname: null }
      zone.set(key, set)
      lastOwner = owner
    }
    if (line.rr === 'CNAME') set.cname ??= line.target
    else if (line.active) {
      set.ips.push(line.address)
      if (line.measure?.status === 'ip_down') set.down.push(line.address)
    }
  }
  return { zone, take }
}
