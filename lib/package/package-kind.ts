import { CommandError } from '../errors.ts'
import type { Package } from '../model/package.ts'
import { APT_SPEC, YUM_SPEC } from '../model/package-source.ts'

/** How a package is installed. */
export type PackageKind = NonNullable<Package['how']>

/** What is to be installed from the host's repositories. */
export type RepositoryPackage =
  | { readonly how: 'yum'; readonly spec: string }
  | { readonly how: 'apt'; readonly spec: string; readonly package: string; readonly release: string }

/** So many bytes of a file tell what it is. */
export const MAGIC_BYTES = 8

const SUFFIXES: Readonly<Record<string, PackageKind>> = {
  '.rpm': 'rpm',
  '.deb': 'deb',
  '.tar.gz': 'tar',
  '.tgz': 'tar',
}
const MAGIC = [
  { how: 'rpm', bytes: Buffer.from('edabeedb', 'hex') },
  { how: 'deb', bytes: Buffer.from('!<arch>\n') },
  { how: 'tar', bytes: Buffer.from('1f8b', 'hex') },
] as const

/** Understands the operand of `install-pkg`: `yum:NAME-VERSION` or `apt:NAME=VERSION`; null: a file (B49). Throws 'usage'. */
export function toRepositoryPackage(text: string): RepositoryPackage | null {
  const [, tool, spec = ''] = /^(yum|apt):(.*)$/s.exec(text) ?? []
  if (tool === undefined) return null
  if (tool === 'yum') {
    if (YUM_SPEC.test(spec)) return { how: 'yum', spec }
    throw new CommandError('usage', `'${text}' is not yum:NAME-VERSION`)
  }
  const [, name, release] = APT_SPEC.exec(spec) ?? []
  if (name === undefined || release === undefined) throw new CommandError('usage', `'${text}' is not apt:NAME=VERSION`)
  return { how: 'apt', spec, package: name, release }
}

/**
 * The kind of a package file by its first bytes; a name that ends like another kind is refused, as is one that is no
 * package at all. Throws 'data'.
 */
export function kindOf(path: string, head: Uint8Array): 'rpm' | 'deb' | 'tar' {
  const found = MAGIC.find(({ bytes }) => bytes.equals(head.subarray(0, bytes.length)))?.how
  const suffix = Object.keys(SUFFIXES).find(suffix => path.endsWith(suffix))
  if (found === undefined) throw new CommandError('data', `'${path}' is no package: neither rpm nor deb nor tar.gz`)
  if (suffix !== undefined && SUFFIXES[suffix] !== found) {
    throw new CommandError('data', `'${path}' is no ${suffix}: its content is ${found === 'tar' ? 'tar.gz' : found}`)
  }
  return found
}
