import { copyFile, link, readdir, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errnoOf, toCommandError } from '../errors.ts'

/**
 * Keeps the file at `target` as FILE.SERIAL, a hard link (a copy where the file system has none), and returns that
 * path; null where there is no file. For `keep` of `replaceFile`. Throws 'io' or 'permission'.
 */
export async function keepVersion(target: string, serial: number): Promise<string | null> {
  const kept = `${target}.${serial}`
  try {
    await unlink(kept).catch(ignore('ENOENT'))
    await link(target, kept).catch(async error => {
      if (!['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP'].includes(errnoOf(error) ?? '')) throw error
      await copyFile(target, kept)
    })
    return kept
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw toCommandError(`keep '${kept}'`, error)
  }
}

/** Removes all but the `most` youngest versions FILE.SERIAL of the file at `target`; what cannot be removed stays. */
export async function pruneVersions(target: string, most: number): Promise<void> {
  const directory = dirname(target)
  const prefix = `${basename(target)}.`
  const names = (await readdir(directory)).filter(
    name => name.startsWith(prefix) && /^\d{1,10}$/.test(name.slice(prefix.length)),
  )
  const paths = names.map(name => join(directory, name))
  const aged = await Promise.all(
    paths.map(async path => ({ path, mtimeMs: await stat(path).then(stats => stats.mtimeMs, ignore('ENOENT')) })),
  )
  const old = aged.sort((a, b) => (b.mtimeMs ?? 0) - (a.mtimeMs ?? 0)).slice(most)
  await Promise.all(old.map(({ path }) => unlink(path).catch(() => {})))
}

function ignore(code: string): (error: unknown) => undefined {
  return error => {
    if (errnoOf(error) !== code) throw error
  }
}
