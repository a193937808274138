import { parseAnyhost } from '../model/anyhost.ts'
import { publishedAddresses } from '../model/anyhost-active.ts'
import { addressKey, nameKey } from '../model/names.ts'
import { readOptional } from '../sys/optional-file.ts'
import type { Share } from './probe-unit.ts'

/** Tells whether a share's address is answered now by the installed zone file; no file is the first start: none is. */
export async function readPublished(path: string): Promise<(share: Share) => boolean> {
  const published = publishedAddresses(parseAnyhost((await readOptional(path)) ?? ''))
  return ({ target, ip }) =>
    published.get(nameKey(target.domain))?.some(active => addressKey(active) === addressKey(ip)) ?? false
}
