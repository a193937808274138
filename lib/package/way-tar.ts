import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readlink, rename, symlink, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import type { KeptPackage } from '../model/package-state.ts'
import { syncDirectory } from '../sys/atomic-file.ts'
import { isThere, type PackagePlaces, removeTree } from './package-store.ts'
import type { PackageWay } from './package-way.ts'
import { isTreeWhole, writeTreeList } from './tree-list.ts'
import { unpackArchive } from './unpack.ts'

/** The way of archives: each version a directory that was renamed into place whole, `current` a link to the one in use. */
export function tarWay(places: PackagePlaces): PackageWay {
  const use = async (kept: KeptPackage): Promise<KeptPackage> => {
    if (!(await isTreeWhole(places, kept))) throw new CommandError('no', `'${kept.source}' is not whole any more`)
    await switchTo(places, basename(kept.source))
    return kept
  }
  return {
    isWhole: async kept =>
      (await linkOf(places.current)) === basename(kept.source) && (await isTreeWhole(places, kept)),
    install: use,
    retire: async kept => {
      if ((await linkOf(places.current)) === basename(kept.source)) await unlink(places.current)
    },
  }
}

/**
 * Unpacks an archive as the directory of a version, which is there whole or not at all; one that is there is replaced.
 * Nothing uses it yet. Throws 'data' for a bad archive or another sum than `sha256`, else 'io' or 'permission'.
 */
export async function unpackVersion(
  places: PackagePlaces,
  archive: { readonly path: string; readonly sha256: string | null },
  kept: KeptPackage,
  warn: (text: string) => void,
): Promise<void> {
  const { path, sha256 } = archive
  const { source } = kept
  const half = join(places.trees, `.${basename(source)}.tmp.${randomBytes(4).toString('hex')}`)
  try {
    await mkdir(half)
    await chmod(half, 0o755) // whatever the umask
    const unpacked = await unpackArchive(path, half)
    if (sha256 !== null && unpacked.sha256 !== sha256) {
      throw new CommandError('data', `checksum of '${path}' differs: ${unpacked.sha256}, not ${sha256}`)
    }
    for (const name of unpacked.dropped) warn(`'${name}': installed without its setuid or setgid bit`)
    await writeTreeList(places, kept, unpacked.entries)
    if (await isThere(source)) await rename(source, `${half}.old`) // of the same version, damaged
    await rename(half, source)
    await syncDirectory(places.trees)
  } catch (error) {
    throw toCommandError(`install '${path}'`, error)
  } finally {
    await removeTree(half)
    await removeTree(`${half}.old`)
  }
}

async function switchTo(places: PackagePlaces, target: string): Promise<void> {
  if ((await linkOf(places.current)) === target) return
  const half = join(places.trees, `.current.tmp.${randomBytes(4).toString('hex')}`)
  try {
    await symlink(target, half)
    await rename(half, places.current)
  } catch (error) {
    await unlink(half).catch(() => {})
    throw toCommandError(`write '${places.current}'`, error)
  }
  await syncDirectory(places.trees)
}

async function linkOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'EINVAL') return undefined
    throw toCommandError(`read '${path}'`, error)
  }
}
