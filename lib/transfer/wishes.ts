import { CommandError } from '../errors.ts'
import { checkOf } from '../model/check.ts'
import { Download } from '../model/download.ts'
import { type Others, selectRecords } from '../ndjson/read.ts'
import { isDirectory } from './download-order.ts'

/** One file that is asked for: on the command line, or by a record. */
export type Wish = Pick<Download, 'url' | 'output' | 'checksum' | 'speed'>

/**
 * The wishes of a command line: one a URL, with this SHA-256 where there is one. Throws 'usage' where that is for
 * several, or they would all go to one file.
 */
export async function toWishes(urls: readonly string[], output: string, sha256?: string): Promise<readonly Wish[]> {
  if (sha256 !== undefined && urls.length !== 1) throw new CommandError('usage', 'option --sha256 is for one URL')
  if (urls.length > 1 && !(await isDirectory(output)))
    throw new CommandError(
      'usage',
      `'${output}' is one file, and there are ${urls.length} URLs: a directory ends in a slash`,
    )
  const checksum = sha256 === undefined ? null : `SHA256:${sha256}`
  return urls.map(url => ({ url, checksum }))
}

/** The download records of a stream, in order; every other line goes to `others`. */
export async function* readWishes(input: AsyncIterable<Uint8Array>, others: Others): AsyncGenerator<Wish> {
  for await (const { value } of selectRecords(input, { download: checkOf(Download) }, others)) yield value
}
