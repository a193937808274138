import { CommandError } from '../errors.ts'
import { checkOf } from '../model/check.ts'
import { Snapshot } from '../model/report.ts'
import { type JsonObject, type Others, selectRecords } from '../ndjson/read.ts'

/**
 * The longest snapshot, in characters: agent-spawn keeps 1 MiB of events, of which JSON can make six times as much, and a
 * host that has had no server for long must be able to report them.
 */
const SNAPSHOT_MOST = 16 * 1024 * 1024

/** The longest name of a host, of a version and the like, in characters: a request has room for them whatever its limit. */
const NAME_MOST = 255

/** Reads the one snapshot of an input to its end; all else goes to `others`. Throws 'data' where there is none. */
export async function readSnapshot(input: AsyncIterable<Uint8Array>, others: Others): Promise<Snapshot> {
  let snapshot: Snapshot | undefined
  const snapshots = selectRecords(input, { snapshot: toSnapshot }, others, SNAPSHOT_MOST)
  for await (const { line, value } of snapshots) {
    if (snapshot === undefined) snapshot = value
    else others.bad(line, 'a second snapshot: only the first one is reported')
  }
  if (snapshot === undefined) throw new CommandError('data', 'there is no snapshot on standard input')
  return snapshot
}

function toSnapshot(record: JsonObject): Snapshot {
  const snapshot = checkOf(Snapshot)(record)
  for (const field of ['hostname', 'agentsn', 'version'] as const) {
    if (snapshot[field].length > NAME_MOST) throw new Error(`field '${field}' is longer than ${NAME_MOST} characters`)
  }
  return snapshot
}
