import { CommandError } from '../errors.ts'
import { checkOf } from '../model/check.ts'
import { Snapshot } from '../model/report.ts'
import { type Others, selectRecords } from '../ndjson/read.ts'

/** Reads the one snapshot of an input to its end; all else goes to `others`. Throws 'data' where there is none. */
export async function readSnapshot(input: AsyncIterable<Uint8Array>, others: Others): Promise<Snapshot> {
  let snapshot: Snapshot | undefined
  for await (const { line, value } of selectRecords(input, { snapshot: checkOf(Snapshot) }, others)) {
    if (snapshot === undefined) snapshot = value
    else others.bad(line, 'a second snapshot: only the first one is reported')
  }
  if (snapshot === undefined) throw new CommandError('data', 'there is no snapshot on standard input')
  return snapshot
}
