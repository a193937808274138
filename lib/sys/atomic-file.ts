import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import {
  chmod,
  chown,
  type FileHandle,
  open,
  readdir,
  readlink,
  rename,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'

/** How a file is replaced. */
export interface ReplaceOptions {
  /** The mode of a file that did not exist before; one that did keeps its own. Default 0644. */
  readonly mode?: number
  /** Looks at the finished temporary file; what it throws leaves the old file in place. */
  readonly verify?: (temporary: string) => Promise<void>
  /** Called with the real path just before the rename, while the old file is still there: to keep it as a version. */
  readonly keep?: (target: string) => Promise<void>
}

/** What goes into a file: whole, or in pieces that are made as they are written. */
type Content = string | Uint8Array | Iterable<string>

const LINKS_MOST = 40

/**
 * Replaces a file so that every reader at every moment sees the old or the new one, whole: written beside its place,
 * fsynced, given the old owner and mode, renamed, the directory fsynced. Symbolic links are followed, so the link stays
 * (formats, 10.1). Returns the real path. Throws 'io' or 'permission'; the temporary file is removed on every way out,
 * and those of writers that were killed at the next call.
 */
export async function replaceFile(path: string, content: Content, options: ReplaceOptions = {}) {
  const target = await resolveLinks(path)
  const directory = dirname(target)
  const temporary = temporaryOf(target)
  try {
    await removeLeftovers(target)
    await writeTemporary(temporary, target, content, options.mode ?? 0o644)
    await options.verify?.(temporary)
    await options.keep?.(target)
    await rename(temporary, target)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw toCommandError(`write '${target}'`, error)
  }
  await syncDirectory(directory)
  return target
}

/** The path a chain of symbolic links ends at; the last one need not exist. Throws 'io' at a loop. */
export async function resolveLinks(path: string): Promise<string> {
  let at = resolve(path)
  for (let i = 0; i < LINKS_MOST; i++) {
    let link: string
    try {
      link = await readlink(at)
    } catch (error) {
      const code = errnoOf(error)
      if (code === 'EINVAL' || code === 'ENOENT') return at
      throw toCommandError(`read '${at}'`, error)
    }
    at = resolve(dirname(at), link)
  }
  throw new CommandError('io', `unable to read '${path}': too many levels of symbolic links`)
}

async function writeTemporary(temporary: string, target: string, content: Content, mode: number) {
  const old = await stat(target).catch(error => {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (old !== undefined && !old.isFile())
    throw new CommandError('io', `unable to write '${target}': not a regular file`)
  const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    await writeFile(handle, content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (old !== undefined && (old.uid !== process.geteuid?.() || old.gid !== process.getegid?.())) {
    await chown(temporary, old.uid, old.gid)
  }
  await chmod(temporary, old === undefined ? mode : old.mode & 0o7777)
}

/** Removes temporary files of this target whose writer is dead: what SIGKILL leaves behind. */
async function removeLeftovers(target: string): Promise<void> {
  for (const path of await findLeftovers(target)) await unlink(path).catch(() => {})
}

/** A name for a temporary file of this target, beside it, that says whose it is. */
export function temporaryOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.tmp.${process.pid}.${randomBytes(4).toString('hex')}`)
}

/** The temporary files of this target whose writer is dead. */
export async function findLeftovers(target: string): Promise<readonly string[]> {
  const prefix = `.${basename(target)}.tmp.`
  const names = (await readdir(dirname(target))).filter(name => {
    if (!name.startsWith(prefix)) return false
    const pid = Number(name.slice(prefix.length).split('.')[0])
    return Number.isInteger(pid) && pid > 0 && !isAlive(pid)
  })
  return names.map(name => join(dirname(target), name))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) !== 'ESRCH'
  }
}

/** Puts the names in a directory on the disk. Throws 'io'. */
export async function syncDirectory(directory: string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY)
    await handle.sync()
  } catch (error) {
    if (errnoOf(error) !== 'EINVAL') throw toCommandError(`sync '${directory}'`, error) // some file systems cannot
  } finally {
    await handle?.close()
  }
}
