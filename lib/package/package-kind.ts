import { CommandError } from '../errors.ts'
import type { Package } from '../model/package.ts'

/** How a package is installed. */
export type PackageKind = NonNullable<Package['how']>

/** So many bytes of a file tell what it is. */
export const MAGIC_BYTES = 8

const SUFFIXES: Readonly<Record<string, PackageKind>> = {
  '.tar.gz': 'tar',
  '.tgz': 'tar',
}
const MAGIC = [{ how: 'tar', bytes: Buffer.from('1f8b', 'hex') }] as const

/**
 * The kind of a package file by its first bytes; a name that ends like another kind is refused, as is one that is no
 * package at all. Throws 'data'.
 */
export function kindOf(path: string, head: Uint8Array): (typeof MAGIC)[number]['how'] {
  const found = MAGIC.find(({ bytes }) => bytes.equals(head.subarray(0, bytes.length)))?.how
  const suffix = Object.keys(SUFFIXES).find(suffix => path.endsWith(suffix))
  if (found === undefined) throw new CommandError('data', `'${path}' is no package: it is no tar.gz`)
  if (suffix !== undefined && SUFFIXES[suffix] !== found) {
    throw new CommandError('data', `'${path}' is no ${suffix}: its content is ${found === 'tar' ? 'tar.gz' : found}`)
  }
  return found
}
