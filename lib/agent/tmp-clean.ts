import { lstatSync, opendirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf, toCommandError } from '../errors.ts'

const OLD_SECONDS = 24 * 3600

/**
 * Removes what was left behind in the temporary directory (B7): regular files, not hidden, that were last written more than 24 h
 * before `now` (seconds since the epoch). Returns their names. A file that cannot be removed stays; a directory that is not
 * there holds none. Throws 'io' or 'permission' where the directory cannot be read.
 */
export function cleanTmp(dir: string, now: number): readonly string[] {
  const removed: string[] = []
  try {
    const directory = opendirSync(dir)
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (isCleaned(entry.name) && removeOld(join(dir, entry.name), now)) removed.push(entry.name)
      }
    } finally {
      directory.closeSync()
    }
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw toCommandError(`read '${dir}'`, error)
  }
  return removed.sort()
}

/** Not hidden files (B7), but for what our own commands were making when they were killed. */
function isCleaned(name: string): boolean {
  return !name.startsWith('.') || /\.tmp\.\d+\.[\da-f]+(?:\.note(?:\.new)?)?$/.test(name)
}

function removeOld(path: string, now: number): boolean {
  try {
    const found = lstatSync(path) // never what a link points to
    if (!found.isFile() || now - found.mtimeMs / 1000 <= OLD_SECONDS) return false
    unlinkSync(path)
    return true
  } catch {
    return false // gone since, or not ours to remove: it is tried again in 15 minutes
  }
}
