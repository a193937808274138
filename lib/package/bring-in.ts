import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { toCommandError } from '../errors.ts'
import type { KeptPackage } from '../model/package-state.ts'
import { kindOf, MAGIC_BYTES } from './package-kind.ts'
import { type PackagePlaces, versionFile } from './package-store.ts'
import { unpackVersion } from './way-tar.ts'

/** A package file, and the SHA-256 it must have, in hexadecimal; null: nobody told one. */
export interface PackageFile {
  readonly path: string
  readonly sha256: string | null
}

/** What will be known of a version, before anything of it is there. Throws 'data' for what is no package, else 'io'. */
export async function prepare(places: PackagePlaces, version: string, file: PackageFile): Promise<KeptPackage> {
  const how = kindOf(file.path, await readHead(file.path))
  const source = join(places.trees, versionFile(version))
  return { version, how, source, package: null, release: null }
}

/**
 * Brings a version where it is installed from, so that it can be brought back later; nothing that is in use changes.
 * Throws 'data' for one of no use, else 'io' or 'permission'.
 */
export async function bringIn(
  places: PackagePlaces,
  file: PackageFile,
  kept: KeptPackage,
  warn: (text: string) => void,
): Promise<void> {
  await unpackVersion(places, file, kept, warn)
}

async function readHead(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw toCommandError(`read '${path}'`, error)
  }
}
