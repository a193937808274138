import { open } from 'node:fs/promises'
import { errnoOf, toCommandError } from '../errors.ts'
import { resolveLinks } from '../sys/atomic-file.ts'
import { HashFollower } from './hash-follower.ts'

/** A file that an earlier attempt has brought to its place. */
export interface Fetched {
  readonly target: string
  readonly bytes: number
  readonly sha256: string
}

/** The file at a place, where it is there already and has this SHA-256; undefined otherwise. Throws 'io' or 'permission'. */
export async function findFetched(path: string, sha256: string): Promise<Fetched | undefined> {
  const target = await resolveLinks(path)
  try {
    await using file = await open(target, 'r')
    const found = await file.stat()
    if (!found.isFile()) return undefined
    const hash = new HashFollower(file.fd)
    try {
      hash.advance(found.size)
      return (await hash.finish()) === sha256 ? { target, bytes: found.size, sha256 } : undefined
    } finally {
      await hash.close()
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw toCommandError(`read '${target}'`, error)
  }
}
