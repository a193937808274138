import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errnoOf, toCommandError } from '../errors.ts'

/**
 * Replaces a small file as a whole, at once: written in `tmp`, which is on the same mount (B3), fsynced, renamed (B6), its
 * name put on the disk too. Throws 'io' or 'permission'; the old file stays then, and nothing is left in `tmp`.
 */
export function replaceNow(path: string, text: string, tmp: string, mode = 0o644): void {
  const temporary = join(tmp, `${basename(path)}.${process.pid}`)
  let fd: number | undefined
  try {
    fd = openSync(temporary, 'w', 0o600)
    fchmodSync(fd, mode) // whatever the umask
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    fsyncSync(fd)
    closeSync(fd)
    fd = undefined
    renameSync(temporary, path)
  } catch (error) {
    if (fd !== undefined) closeSync(fd)
    removeQuietly(temporary)
    throw toCommandError(`write '${path}'`, error)
  }
  syncNow(dirname(path))
}

/** Removes a file for good, also from the disk; one that is not there is fine. Throws 'io' or 'permission'. */
export function removeNow(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return
    throw toCommandError(`remove '${path}'`, error)
  }
  syncNow(dirname(path))
}

/** Puts the names in a directory on the disk; some file systems cannot. Throws 'io'. */
function syncNow(directory: string): void {
  const fd = openSync(directory, 'r')
  try {
    fsyncSync(fd)
  } catch (error) {
    if (errnoOf(error) !== 'EINVAL') throw toCommandError(`sync '${directory}'`, error)
  } finally {
    closeSync(fd)
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not made.
  }
}
