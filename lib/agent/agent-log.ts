import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { toCommandError } from '../errors.ts'

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants

/** The descriptor of an agent's log, and its path; null: it is another file, as its own could not be opened. */
export interface OpenLog {
  readonly fd: number
  readonly path: string | null
}

/** Where an agent's stdout and stderr go: LOGDIR/NAME.log. */
export function logPath(dir: string, name: string): string {
  return join(dir, `${name}.log`)
}

/**
 * Opens the log of an agent for appending, made with mode 0640 where it is new; a symbolic link is not followed. Where that
 * cannot be, `warn` is told and it is /dev/null: an agent does not stay down for want of a log. The caller closes the
 * descriptor when the agent has it. Throws 'io' when nothing at all can be opened.
 */
export function openLog(dir: string, name: string, warn: (text: string) => void = () => {}): OpenLog {
  const path = logPath(dir, name)
  try {
    return { fd: openFile(path), path }
  } catch (error) {
    warn(`${toCommandError(`open '${path}'`, error).message}: what '${name}' writes is lost`)
  }
  try {
    return { fd: openSync('/dev/null', O_WRONLY), path: null }
  } catch (error) {
    throw toCommandError("open '/dev/null'", error)
  }
}

function openFile(path: string): number {
  const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o640)
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  throw new Error('not a regular file')
}
