import { checkOf } from '../model/check.ts'
import { Fetch, Zone } from '../model/zone.ts'
import { selectRecords } from '../ndjson/read.ts'
import type { ZoneChange } from './named-reload.ts'

/** A zone file that a `zone` or `fetch` record speaks of; `changed` is false where it is the same as before. */
export interface ReportedZone extends ZoneChange {
  readonly changed: boolean
}

/** Where a line stands: `file` is undefined for standard input. */
interface Place {
  readonly file: string | undefined
  readonly line: number
}

/** The installed files of the `zone` and `fetch` records; a dry run and a fetch that left no file are none. */
export async function* readReportedZones(
  inputs: readonly { readonly file: string | undefined; readonly stream: AsyncIterable<Uint8Array> }[],
  pass: (text: string) => Promise<void> | undefined,
  bad: (place: Place, reason: string) => void,
): AsyncGenerator<ReportedZone> {
  const checks = { zone: checkOf(Zone), fetch: checkOf(Fetch) }
  for (const { file: input, stream } of inputs) {
    const others = { pass, bad: (line: number, reason: string) => bad({ file: input, line }, reason) }
    for await (const { line, value } of selectRecords<Zone | Fetch>(stream, checks, others)) {
      const { file, serial, previous, changed } = value
      if (value.type === 'zone' && value.dry_run) continue
      if (serial !== null) yield { file, serial, previous, changed }
      else if (changed) others.bad(line, "field 'serial' must be a number where 'changed' is true")
    }
  }
}
