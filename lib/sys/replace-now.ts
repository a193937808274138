import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import { toCommandError } from '../errors.ts'

/**
 * Replaces a small file as a whole, at once: written in `tmp`, which is on the same mount (B3), fsynced, renamed (B6). Throws
 * 'io' or 'permission'; the old file stays then, and nothing is left in `tmp`.
 */
export function replaceNow(path: string, text: string, tmp: string, mode = 0o644): void {
  const temporary = join(tmp, `${basename(path)}.${process.pid}`)
  let fd: number | undefined
  try {
    fd = openSync(temporary, 'w', mode)
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
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not made.
  }
}
