import { closeSync, openSync, writeSync } from 'node:fs'
import { reasonOf, toCommandError } from '../errors.ts'
import { LOG_LEVELS, type LogLevel } from '../model/control.ts'

/** The log of agent-spawn (B13): lines of its level and of all that is worse. Nothing it does ever throws. */
export interface DaemonLog {
  level: LogLevel
  log(level: LogLevel, text: string): void
  /** Opens its file again, for logrotate: the new one first, so that where that fails the old one goes on. */
  reopen(): void
  close(): void
}

/** The longest line, in bytes, with its end. */
const LINE_MOST = 4096
const STDERR = 2

/**
 * Opens the log: on stderr as `agent-spawn: LEVEL: text`, or at the end of a file (mode 0640), then with the time in
 * front. What cannot be written (a full disk, B70) is counted, and told as soon as something can be written again.
 * Throws 'io' or 'permission' when the file cannot be opened.
 */
export function openDaemonLog({
  level,
  path,
  now = () => new Date(),
}: {
  readonly level: LogLevel
  readonly path: string | null
  readonly now?: () => Date
}): DaemonLog {
  try {
    return new FileLog(level, path, now)
  } catch (error) {
    throw toCommandError(`open the log '${path}'`, error)
  }
}

class FileLog implements DaemonLog {
  level: LogLevel
  readonly #path: string | null
  readonly #now: () => Date
  #fd: number
  #lost = 0
  #reason = ''
  /** The last line is there in part: the next one begins on a line of its own. */
  #isTorn = false

  constructor(level: LogLevel, path: string | null, now: () => Date) {
    this.level = level
    this.#path = path
    this.#now = now
    this.#fd = path === null ? STDERR : openSync(path, 'a', 0o640)
  }

  log(level: LogLevel, text: string): void {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(this.level)) return
    if (this.#lost > 0) {
      const lost = this.#lost
      this.#write('warn', `${lost} line${lost === 1 ? '' : 's'} of this log could not be written: ${this.#reason}`)
      if (this.#lost > lost) return // the line itself was not tried: it is the one that is counted
      this.#lost = 0
    }
    this.#write(level, text)
  }

  reopen(): void {
    if (this.#path === null) return
    let fd: number
    try {
      fd = openSync(this.#path, 'a', 0o640)
    } catch (error) {
      this.log('error', `unable to open the log '${this.#path}' again, the old one goes on: ${reasonOf(error)}`)
      return
    }
    const old = this.#fd
    this.#fd = fd
    this.#isTorn = false
    closeQuietly(old)
  }

  close(): void {
    if (this.#fd !== STDERR) closeQuietly(this.#fd)
    this.#fd = STDERR
  }

  #write(level: LogLevel, text: string): void {
    const time = this.#fd === STDERR ? '' : `${this.#now().toISOString()} `
    const line = bound(`${time}agent-spawn: ${level}: ${harmless(text)}`)
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${line}\n`)
    try {
      const written = writeSync(this.#fd, bytes)
      this.#isTorn = written < bytes.length
      if (written === bytes.length) return
      this.#reason = 'it was written in part'
    } catch (error) {
      this.#reason = reasonOf(error)
    }
    this.#lost++
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // What could not be written back is lost; there is no better place to say so.
  }
}

/** Agents, files and clients have a say in the text: it holds nothing that a terminal or a reader of lines obeys. */
function harmless(text: string): string {
  return text.replaceAll(/[\t\r\n]+/g, ' ').replaceAll(/[\0-\x1f\x7f-\x9f]/g, '?')
}

function bound(line: string): string {
  if (Buffer.byteLength(line) < LINE_MOST) return line
  const cut = Buffer.from(line)
    .subarray(0, LINE_MOST - 4)
    .toString()
  return `${cut.replace(/\ufffd$/, '')}…`
}
