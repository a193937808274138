import { CommandError } from '../errors.ts'
import { type AnyhostZone, parseAnyhost } from '../model/anyhost.ts'
import { countRecords } from '../model/anyhost-active.ts'
import { sealFault } from './zone-checksum.ts'

/** What a whole zone file says of itself. */
export interface ZoneSummary {
  readonly serial: number
  /** Owners with at least one line. */
  readonly domains: number
  /** Active records. */
  readonly records: number
  /** Why it was written, as the end marker says; null: there is none. */
  readonly reason: string | null
}

/**
 * Reads a zone file that must be whole (formats 14): it parses to its last line, and its end marker vouches for it. A
 * legacy file (`--compat 3.3`) may have no end marker. Throws 'data' with the first fault.
 */
export function readWholeZone(text: string, legacy: boolean): AnyhostZone {
  if (text === '') throw new CommandError('data', 'the file is empty')
  const zone = parseAnyhost(text)
  const [fault] = zone.faults
  if (fault !== undefined) throw new CommandError('data', `line ${fault.line}: ${fault.reason}`)
  const broken = legacy && zone.end === null ? undefined : sealFault(text, zone)
  if (broken !== undefined) throw new CommandError('data', broken)
  return zone
}

/** The summary of a zone. Pure. */
export function summarizeZone(zone: AnyhostZone): ZoneSummary {
  const { domains, active } = countRecords(zone)
  return { serial: zone.serial, domains, records: active, reason: zone.end?.reason ?? null }
}
