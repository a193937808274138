import { type BigIntStats, readFileSync, realpathSync, statSync } from 'node:fs'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import type { AnyhostZone } from '../model/anyhost.ts'
import type { Installed } from './fetch-state.ts'

/** The file in place: its real path and its stamp; null: there is none. */
export function lookAtInstalled(path: string): { readonly path: string; readonly stamp: string } | null {
  try {
    const real = realpathSync.native(path)
    return { path: real, stamp: stampOf(statSync(real, { bigint: true })) }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw toCommandError(`read '${path}'`, error)
  }
}

/** Reads the file in place, with or without an end marker; null and a warning where it is not valid. Throws 'io'. */
export async function readInstalled(path: string, warn: (text: string) => void): Promise<AnyhostZone | null> {
  const { readWholeZone } = await import('./whole-zone.ts')
  try {
    return readWholeZone(readFileSync(path, 'utf8'), true)
  } catch (error) {
    if (!(error instanceof CommandError)) throw toCommandError(`read '${path}'`, error)
    warn(`'${path}' is not valid (${error.message}): any valid file replaces it`)
    return null
  }
}

/** What is remembered of the file at `path`, which holds `zone`. */
export async function describeInstalled(path: string, zone: AnyhostZone): Promise<Installed> {
  const { summarizeZone } = await import('./whole-zone.ts')
  const { serial, domains, records } = summarizeZone(zone)
  return { stamp: stampOf(statSync(path, { bigint: true })), serial, domains, records }
}

/** Puts the content in place, atomically and with a fresh mtime; the file before stays as FILE.SERIAL. Throws 'io'. */
export async function installFile(
  path: string,
  content: Uint8Array,
  before: AnyhostZone | null,
  keep: number,
): Promise<{ readonly path: string; readonly previous: string | null }> {
  const { replaceFile } = await import('../sys/atomic-file.ts')
  const { keepVersion, pruneVersions } = await import('../sys/versions.ts')
  let previous: string | null = null
  const target = await replaceFile(path, content, {
    keep: async target => {
      if (before !== null && keep > 0) previous = await keepVersion(target, before.serial)
    },
  })
  await pruneVersions(target, keep)
  return { path: target, previous }
}

/** Reads a file that may not be there; null: it is not. Throws 'io' or 'permission'. */
export function readOptional(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw toCommandError(`read '${path}'`, error)
  }
}

function stampOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs}`
}
