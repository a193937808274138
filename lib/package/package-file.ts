import { createHash, randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, open, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CommandError, toCommandError } from '../errors.ts'
import { syncDirectory } from '../sys/atomic-file.ts'
import { MAGIC_BYTES } from './package-kind.ts'
import { type PackagePlaces, removeTree } from './package-store.ts'

/** A package file, and the SHA-256 it must have, in hexadecimal; null: nobody told one. */
export interface PackageFile {
  readonly how: 'file'
  readonly path: string
  readonly sha256: string | null
}

/** The first bytes of a file. Throws 'io' or 'permission'. */
export async function readHead(path: string): Promise<Uint8Array> {
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

/**
 * Keeps a copy of a package file as `target`, whole or not at all: what is installed is this one, whatever becomes of the
 * file. Throws 'data' where its sum is another, else 'io' or 'permission'.
 */
export async function keepFile(places: PackagePlaces, { path, sha256 }: PackageFile, target: string): Promise<void> {
  const half = join(places.files, `.${basename(target)}.tmp.${randomBytes(4).toString('hex')}`)
  try {
    await copyFile(path, half, constants.COPYFILE_FICLONE)
    if (sha256 !== null) await verifySum(path, half, sha256)
    await syncFile(half)
    await rename(half, target)
    await syncDirectory(places.files)
  } catch (error) {
    await removeTree(half)
    throw toCommandError(`keep '${path}'`, error)
  }
}

async function verifySum(path: string, copy: string, wanted: string): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(copy)) hash.update(chunk)
  const sum = hash.digest('hex')
  if (sum !== wanted) throw new CommandError('data', `checksum of '${path}' differs: ${sum}, not ${wanted}`)
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
