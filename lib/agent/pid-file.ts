import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { errnoOf, reasonOf } from '../errors.ts'
import { harmless } from './log-tail.ts'

const MOST_BYTES = 64
/** The kernel's own bound of pids (PID_MAX_LIMIT). */
const MOST_PID = 4_194_304

/** What a pid file says: only its first line counts (B16). `fault`: why that is no pid. */
export type PidFile = { readonly pid: number } | { readonly fault: string }

/** Reads a pid file, at most 64 bytes of it (B16); whether that process is the agent's is for the caller to see. */
export function readPidFile(path: string): PidFile {
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!fstatSync(fd).isFile()) return { fault: `pid file '${path}': not a regular file` }
    const buffer = Buffer.alloc(MOST_BYTES)
    return parsePid(path, buffer.toString('latin1', 0, readSync(fd, buffer, 0, MOST_BYTES, 0)))
  } catch (error) {
    return { fault: `pid file '${path}': ${errnoOf(error) === 'ENOENT' ? 'not there' : reasonOf(error)}` }
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** Tells one writing of a pid file from another, whatever the clock does; null: it is not there, or is not to be seen. */
export function markOf(path: string): string | null {
  try {
    const { ino, mtimeNs, size } = statSync(path, { bigint: true })
    return `${ino} ${mtimeNs} ${size}`
  } catch {
    return null
  }
}

/** Clocks and time stamps of files differ by so many seconds at most. */
const TOLERANCE = 1

/** Whether a pid file was written after this time, in seconds since the epoch. */
export function isWrittenSince(path: string, time: number): boolean {
  try {
    return statSync(path).mtimeMs / 1000 >= time - TOLERANCE
  } catch {
    return false
  }
}

function parsePid(path: string, text: string): PidFile {
  const [line = ''] = text.split('\n', 1)
  const word = line.trim()
  if (word === '') return { fault: `pid file '${path}': no pid on its first line` }
  const pid = /^\d{1,10}$/.test(word) ? Number(word) : 0
  if (pid > 1 && pid <= MOST_PID) return { pid }
  return { fault: `pid file '${path}': not a pid: '${harmless(word)}'` }
}
