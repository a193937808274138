import { CommandError } from '../errors.ts'
import { checkOf } from '../model/check.ts'
import { File } from '../model/download.ts'
import { type Others, selectRecords } from '../ndjson/read.ts'
import type { PackageFile } from './package-file.ts'

/**
 * The one file that `ftp-get` has fetched, by its record; other records go to `others`. It is taken only as it was then:
 * its SHA-256 is looked at again. Throws 'data' where there is none or a second one, or where nobody told its checksum
 * and `unverified` is not said (B49).
 */
export async function readFetched(
  input: AsyncIterable<Uint8Array>,
  others: Others,
  unverified: boolean,
): Promise<PackageFile> {
  let found: File | undefined
  for await (const { value } of selectRecords(input, { file: checkOf(File) }, others)) {
    if (found !== undefined) throw new CommandError('data', `'${value.path}' is a second file: nothing is installed`)
    found = value
  }
  if (found === undefined) throw new CommandError('data', 'no file record came in: nothing is installed')
  if (found.verified || unverified) return { how: 'file', path: found.path, sha256: found.sha256.toLowerCase() }
  throw new CommandError('data', `'${found.path}' was fetched without a checksum: nothing is installed (--unverified)`)
}
