import { createHash } from 'node:crypto'
import { type AnyhostZone, type EndMarker, renderAnyhost, renderEndMarker } from '../model/anyhost.ts'
import { countRecords } from '../model/anyhost-active.ts'

/** Renders the zone with a fresh end marker (formats 14): its counts, `reason`, `mass`, the SHA-256 of all before it. */
export function renderSealed(
  zone: Pick<AnyhostZone, 'serial' | 'blocks'>,
  { reason, mass }: Pick<EndMarker, 'reason' | 'mass'>,
): string {
  const text = renderAnyhost({ ...zone, end: null })
  return text + renderEndMarker({ ...countRecords(zone), reason, mass, sha256: sha256(text) })
}

/** Why `text`, parsed as `zone`, is not the whole file its end marker vouches for; undefined when it is. */
export function sealFault(text: string, zone: AnyhostZone): string | undefined {
  if (zone.end === null) return 'there is no end marker: the file was cut short, or an older program wrote it'
  const { domains, active } = countRecords(zone)
  if (zone.end.domains !== domains) return `the end marker counts ${zone.end.domains} domains, the file has ${domains}`
  if (zone.end.active !== active)
    return `the end marker counts ${zone.end.active} active records, the file has ${active}`
  const body = text.slice(0, text.lastIndexOf('\n; end ') + 1)
  return sha256(body) === zone.end.sha256 ? undefined : 'the checksum of the end marker is not that of the file'
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
