import { CommandError } from '../errors.ts'
import { toAgentName, toVersion } from '../model/agent-config-rules.ts'
import type { PackageSource } from './bring-in.ts'
import { toRepositoryPackage } from './package-kind.ts'

/** What a command line asks for. */
export interface PackageRequest {
  readonly name: string
  /** Null: to go back. */
  readonly version: string | null
  /** To go back only where this version was installed, or begun; null: wherever it is. */
  readonly undo: string | null
  /** Null: the file whose record comes in on standard input. */
  readonly source: PackageSource | null
}

/** What else a command line says. */
export interface PackageOptions {
  readonly back: boolean
  readonly unverified: boolean
  readonly sha256: string | undefined
}

/** Understands `NAME --back`, `NAME VERSION --back`, `NAME VERSION FILE` and `NAME VERSION`. Throws 'usage'. */
export function toPackageRequest(operands: readonly string[], options: PackageOptions): PackageRequest {
  const name = toPackageName(operands[0])
  const [, version, path] = operands
  const sha256 = toSum(options.sha256)
  if (options.unverified && (options.back || path !== undefined)) {
    throw new CommandError('usage', '--unverified is of a file whose record comes in')
  }
  if (options.back && (path !== undefined || sha256 !== null)) {
    throw new CommandError('usage', '--back takes NAME, or NAME and VERSION, and nothing else')
  }
  if (options.back && version === undefined) return { name, version: null, undo: null, source: null }
  const verdict = toVersion(version)
  if ('reason' in verdict) {
    throw new CommandError('usage', `VERSION ${version === undefined ? 'is missing' : verdict.reason}`)
  }
  if (options.back) return { name, version: null, undo: verdict.value, source: null }
  const repository = path === undefined ? null : toRepositoryPackage(path)
  if (sha256 !== null && (path === undefined || repository !== null)) {
    throw new CommandError('usage', '--sha256 is of a FILE')
  }
  const file = path === undefined ? null : ({ how: 'file', path, sha256 } as const)
  return { name, version: verdict.value, undo: null, source: repository ?? file }
}

/** The name of an agent (B8). Throws 'usage'. */
export function toPackageName(text: unknown): string {
  const verdict = toAgentName(text)
  if ('reason' in verdict) throw new CommandError('usage', `NAME ${verdict.reason}`)
  return verdict.value
}

function toSum(text: string | undefined): string | null {
  if (text === undefined) return null
  if (/^[0-9A-Fa-f]{64}$/.test(text)) return text.toLowerCase()
  throw new CommandError('usage', `--sha256: '${text}' is not 64 hexadecimal digits`)
}
