import { readFile } from 'node:fs/promises'
import { errnoOf, toCommandError } from '../errors.ts'
import { type AnyhostZone, parseAnyhost, type ZoneLine } from '../model/anyhost.ts'
import { nameKey } from '../model/names.ts'
import type { PeerView, PublishedSet, PublishedZone } from './rank-round.ts'

/**
 * What a zone file publishes. A file that is not there yet publishes nothing. Lines that are damaged are passed over:
 * write-anyhost is the one that judges the file. Throws 'io' or 'permission'.
 */
export async function readPublished(path: string): Promise<PublishedZone> {
  const text = await readText(path)
  return text === null ? new Map() : publishedOf(parseAnyhost(text))
}

/** What the peer's zone file says of each address; null where there is none, or it is not whole. */
export async function readPeer(path: string): Promise<PeerView | null> {
  const text = await readText(path)
  if (text === null) return null
  const zone = parseAnyhost(text)
  return zone.faults.length > 0 ? null : peerViewOf(zone)
}

/** The published sets of a zone, by owner. */
export function publishedOf({ blocks }: Pick<AnyhostZone, 'blocks'>): PublishedZone {
  const zone = new Map<string, PublishedSet>()
  for (const { owner, lines } of blocks) {
    const key = nameKey(owner)
    const before = zone.get(key)
    const set = toSet(lines)
    zone.set(
      key,
      before === undefined
        ? set
        : { ips: [...before.ips, ...set.ips], down: [...before.down, ...set.down], cname: before.cname ?? set.cname },
    )
  }
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

function toSet(lines: readonly ZoneLine[]): PublishedSet {
  const active = lines.flatMap(line => (line.rr !== 'CNAME' && line.active ? [line] : []))
  const cname = lines.find(line => line.rr === 'CNAME')
  return {
    ips: active.map(line => line.address),
    down: active.filter(line => line.measure?.status === 'ip_down').map(line => line.address),
    cname: cname?.rr === 'CNAME' ? cname.target : null,
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw toCommandError(`read '${path}'`, error)
  }
}
