import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'

/** A lock that is held for as long as anybody has the descriptor open: this process, or a child that was given it. */
export interface FileLock {
  readonly fd: number
  /** Lets go of it here; a child that was given it still holds it. */
  readonly release: () => void
}

/** What flock(1) ends with when the time is over. */
const TAKEN = 75

/**
 * Locks the file at `path`, made where it is missing, until it is released or this process ends in whatever way: flock(1)
 * locks our own descriptor, which no child gets unless it is given it. Throws 'again' where another one holds it for more
 * than `seconds`, 'unavailable' without flock, 'io' or 'permission' where the file cannot be opened.
 */
export async function holdLock(path: string, seconds: number): Promise<FileLock> {
  const fd = openLock(path)
  try {
    await lock(path, fd, seconds)
    return { fd, release: () => closeSync(fd) }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function openLock(path: string): number {
  try {
    return openSync(path, 'a', 0o644)
  } catch (error) {
    throw toCommandError(`lock '${path}'`, error)
  }
}

function lock(path: string, fd: number, seconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['-w', String(seconds), '-E', String(TAKEN), '3']
    const locker = spawn('flock', args, { detached: true, stdio: ['ignore', 'ignore', 'pipe', fd] })
    let said = ''
    locker.stderr?.on('data', chunk => {
      said = (said + chunk).slice(0, 1000)
    })
    locker.on('error', error => {
      if (errnoOf(error) === 'ENOENT') reject(new CommandError('unavailable', "'flock': no such program"))
      else reject(toCommandError("run 'flock'", error))
    })
    locker.on('close', code => {
      if (code === 0) return resolve()
      if (code === TAKEN) return reject(new CommandError('again', `'${path}' is locked: another one is at work`))
      reject(new CommandError('io', `unable to lock '${path}': ${said.trim().split('\n').at(-1)}`))
    })
  })
}
