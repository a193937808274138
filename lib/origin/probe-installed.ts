import { readFile } from 'node:fs/promises'
import { errnoOf, toCommandError } from '../errors.ts'
import { parseAnyhost } from '../model/anyhost.ts'
import { publishedAddresses } from '../model/anyhost-active.ts'
import { addressKey, nameKey } from '../model/names.ts'
import type { Share } from './probe-unit.ts'

/** Tells whether a share's address is answered now by the installed zone file; no file is the first start: none is. */
export async function readPublished(path: string): Promise<(share: Share) => boolean> {
  let text = ''
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw toCommandError(`read '${path}'`, error)
  }
  const published = publishedAddresses(parseAnyhost(text))
  return ({ target, ip }) =>
    published.get(nameKey(target.domain))?.some(active => addressKey(active) === addressKey(ip)) ?? false
}
