import {
  closeSync,
  constants,
  type FSWatcher,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  watch,
  writeSync,
} from 'node:fs'
import { logPath } from './agent-log.ts'
import { sizeOf } from './log-tail.ts'

/** How large a log may grow, and how much of it is kept in the old file. */
export const LOG_BYTES = 10 * 1024 * 1024

const LOOK_MS = 1000
/** The first look after a change, and after a log was cut off, comes soon: it may be growing by a gigabyte a second. */
const SOON_MS = 100
/** So many looks without growth, and the directory is watched instead. */
const QUIET_LOOKS = 5
const CHUNK_BYTES = 64 * 1024
const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR, O_TRUNC, O_WRONLY } = constants

/**
 * Keeps the logs of agents, which hold them open, from growing over LOG_BYTES, with one old file each: NAME.log.1. While all
 * are quiet nothing runs: the kernel tells of the first change in the directory, and then the files are looked at once a second, sooner
 * where they grow fast, for as long as one grows. Nothing that happens to a file throws.
 */
export class LogKeeper {
  readonly #dir: string
  readonly #names: () => Iterable<string>
  readonly #limit: number
  #watcher: FSWatcher | null = null
  #timer: NodeJS.Timeout | null = null
  #ms = SOON_MS
  #total = 0
  #quiet = 0

  /** `names`: the agents there are, asked at each look. */
  constructor(dir: string, names: () => Iterable<string>, limit = LOG_BYTES) {
    this.#dir = dir
    this.#names = names
    this.#limit = limit
    this.#wait(0)
  }

  /** It waits for the kernel to tell of a change. */
  get isQuiet(): boolean {
    return this.#watcher !== null
  }

  /** Ends it. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#watcher?.close()
    this.#watcher = null
  }

  #wait(ms: number): void {
    this.close()
    this.#ms = Math.max(ms, SOON_MS)
    this.#timer = setTimeout(this.#look, ms).unref()
  }

  readonly #look = (): void => {
    const growth = this.#measure()
    if (growth !== 0) this.#wait(Math.min(Math.max((this.#limit * this.#ms) / growth, SOON_MS), LOOK_MS))
    else if (this.#quiet < QUIET_LOOKS || !this.#watch()) this.#wait(LOOK_MS)
    else if (this.#measure() !== 0) this.#wait(SOON_MS) // it came between the last look and the watch
  }

  /** Looks at every file, and cuts off those that are too long; how many bytes have come or gone. */
  #measure(): number {
    let total = 0
    for (const name of this.#names()) {
      const path = logPath(this.#dir, name)
      const size = sizeOf(path)
      total += size
      if (size > this.#limit) cutLog(path, this.#limit)
    }
    const growth = total - this.#total
    this.#total = total
    this.#quiet = growth === 0 ? this.#quiet + 1 : 0
    return growth
  }

  #watch(): boolean {
    this.close()
    try {
      this.#watcher = watch(this.#dir, { persistent: false }, () => this.#wait(SOON_MS))
      this.#watcher.on('error', () => this.#wait(LOOK_MS))
      return true
    } catch {
      return false // no such directory yet, or no more watches to be had
    }
  }
}

/**
 * Moves the last bytes of a log, at most `limit`, into its old file and empties it, whoever holds it open. When there is no room for the
 * old file it is emptied all the same, since that is what makes room (B70). Whether it was emptied.
 */
export function cutLog(path: string, limit: number): boolean {
  let fd: number | undefined
  try {
    fd = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    const stat = fstatSync(fd)
    if (!stat.isFile()) return false
    copyEnd(fd, `${path}.1`, Math.max(0, stat.size - limit), stat.size)
    ftruncateSync(fd, 0)
    return true
  } catch {
    return false
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function copyEnd(from: number, path: string, start: number, end: number): void {
  let to: number | undefined
  try {
    to = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0o640)
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
    for (let at = start; at < end; ) {
      const read = readSync(from, buffer, 0, Math.min(CHUNK_BYTES, end - at), at)
      if (read === 0) break
      for (let done = 0; done < read; ) done += writeSync(to, buffer, done, read - done)
      at += read
    }
  } catch {
    rmSync(path, { force: true, recursive: true })
  } finally {
    if (to !== undefined) closeSync(to)
  }
}
