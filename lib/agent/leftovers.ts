import { appendFileSync, constants, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import type { ProcessId } from './life.ts'
import { allPids, hasEnded, isAlive, processIdOf, readProc, signalTo, statOf } from './process-id.ts'

/** A process that was ended because its agent-spawn had died without ending it. */
export interface Leftover {
  readonly name: string
  readonly pid: number
}

/** What agent-spawn leaves behind for the next one to know of: who it was, and its processes by pid. */
interface Journal {
  readonly owner: ProcessId | null
  readonly entries: ReadonlyMap<number, Entry>
}

interface Entry {
  readonly name: string
  readonly startTime: number
}

const COMPACT_BYTES = 16 * 1024
/** In place of the name: this process has ended. */
const ENDED = '.'
const GONE_MS = 500
const LOOK_MS = 5

/**
 * The processes of type `simple` that run now: lines NAME PID STARTTIME in a file under RUN, appended at each start and written anew
 * when they have become many. Agents of type `fork` are meant to live on, and must not be put in (B15).
 */
export class LeftoverJournal {
  readonly #path: string
  readonly #running = new Map<number, Entry>()
  /** Also of what has ended: a command may have forked, and nothing else says so. */
  readonly #keeps: boolean
  #bytes = 0
  #mostBytes = 0

  /**
   * Begins a journal with what is `known`, at once and whole: at no moment the file says less. Read the earlier one before
   * (`endLeftovers`). `warn` is told when it cannot be written now (B70).
   */
  constructor(
    path: string,
    warn: (text: string) => void = () => {},
    known: Iterable<readonly [string, ProcessId]> | null = null,
  ) {
    this.#path = path
    this.#keeps = known !== null
    for (const [name, { pid, startTime }] of known ?? []) this.#running.set(pid, { name, startTime })
    try {
      this.#write()
    } catch (error) {
      this.#bytes = Number.POSITIVE_INFINITY
      warn(toCommandError(`write '${path}'`, error).message)
    }
  }

  /** An agent was started. A full disk is no reason not to: what cannot be written is not known the next time (B70). */
  add(name: string, id: ProcessId): void {
    this.#running.set(id.pid, { name, startTime: id.startTime })
    this.#append(lineOf(name, id.pid, id.startTime))
  }

  /** An agent has ended, and nothing of its group is left. */
  remove(id: ProcessId): void {
    if (this.#running.delete(id.pid)) this.#append(lineOf(ENDED, id.pid, id.startTime))
  }

  /** A descriptor to append to it, for the caller to close; null: there is none to be had. */
  open(): number | null {
    try {
      return openSync(this.#path, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK)
    } catch {
      return null
    }
  }

  #append(line: string): void {
    try {
      if (this.#bytes > this.#mostBytes) this.#compact()
      else appendFileSync(this.#path, line, { mode: 0o600 })
      this.#bytes += line.length
    } catch {
      this.#bytes = Number.POSITIVE_INFINITY // half a line may be there: the next time the whole is written anew
    }
  }

  #compact(): void {
    for (const [pid, { startTime }] of this.#running) {
      if (!this.#keeps && !signalTo({ pid, startTime }, 0, true)) this.#running.delete(pid)
    }
    this.#write()
  }

  #write(): void {
    const self = processIdOf(process.pid)
    const lines = [lineOf(bootId(), process.pid, self?.startTime ?? 0)]
    for (const [pid, { name, startTime }] of this.#running) lines.push(lineOf(name, pid, startTime))
    const text = lines.join('')
    try {
      writeFileSync(`${this.#path}.new`, text, { mode: 0o600 })
      renameSync(`${this.#path}.new`, this.#path)
    } catch {
      rmSync(`${this.#path}.new`, { force: true, recursive: true })
      writeFileSync(this.#path, text, { mode: 0o600 }) // in its own place there may be room where there is no other
    }
    this.#bytes = text.length
    this.#mostBytes = COMPACT_BYTES + 2 * text.length
  }
}

/**
 * Ends, by SIGKILL, what still runs of the `simple` agents of an agent-spawn that was killed: workers whose parent died with it, and agents
 * whose wish to die with it the kernel forgot because they changed their user. A session that is not the one it was is left alone:
 * its number is not given out again while it has members. Waits up to half a second for their end. Throws 'again' when that
 * agent-spawn is still running.
 */
export function endLeftovers(path: string): readonly Leftover[] {
  const { owner, entries } = parseJournal(readJournal(path), bootId())
  if (owner !== null && owner.pid !== process.pid && isAlive(owner)) {
    throw new CommandError('again', `'${path}' is in use by process ${owner.pid}`)
  }
  const sessions = new Map<number, Entry>()
  for (const [pid, entry] of entries) {
    const leader = statOf(pid)
    if (pid > 1 && (leader === null || leader.startTime === entry.startTime)) sessions.set(pid, entry)
  }
  const ended: Leftover[] = []
  // Again while there are any: a process may start others until it is hit itself.
  for (const until = Date.now() + GONE_MS; sessions.size > 0 && Date.now() < until; ) {
    const left = killMembers(sessions)
    if (left.length === 0) break
    for (const leftover of left) if (!ended.some(({ pid }) => pid === leftover.pid)) ended.push(leftover)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS)
  }
  return ended
}

function killMembers(sessions: ReadonlyMap<number, Entry>): readonly Leftover[] {
  const members: Leftover[] = []
  for (const pid of allPids()) {
    const stat = statOf(pid)
    const session = stat === null ? undefined : sessions.get(stat.session)
    if (stat === null || session === undefined || hasEnded(stat) || stat.startTime < session.startTime) continue
    try {
      process.kill(pid, 'SIGKILL')
      members.push({ name: session.name, pid })
    } catch {
      // It has just ended, or is somebody else's.
    }
  }
  return members
}

/** Reads a journal; one of an earlier boot, or no such text, is an empty one. A line that is cut off says nothing. */
export function parseJournal(text: string, boot: string): Journal {
  const [first = '', ...lines] = text.split('\n').slice(0, -1)
  const [id, pid, startTime] = parseLine(first) ?? []
  const entries = new Map<number, Entry>()
  if (id !== boot || pid === undefined || startTime === undefined) return { owner: null, entries }
  for (const line of lines) {
    const [name, pid, startTime] = parseLine(line) ?? []
    if (name === undefined || pid === undefined || startTime === undefined) continue
    if (name === ENDED) entries.delete(pid)
    else entries.set(pid, { name, startTime })
  }
  return { owner: { pid, startTime }, entries }
}

function parseLine(line: string): readonly [string, number, number] | null {
  const match = /^(\S+) (\d{1,7}) (\d{1,15})$/.exec(line)
  return match?.[1] === undefined ? null : [match[1], Number(match[2]), Number(match[3])]
}

function lineOf(name: string, pid: number, startTime: number): string {
  return `${name} ${pid} ${startTime}\n`
}

/** The text of a journal; '' where there is none. Throws 'permission' or 'io' when it is not to be read. */
export function readJournal(path: string): string {
  try {
    return readFileSync(path, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK }) // a pipe is empty
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return ''
    throw toCommandError(`read '${path}'`, error)
  }
}

/** Tells one boot of the host from another. */
export function bootId(): string {
  return (readProc('/proc/sys/kernel/random/boot_id') ?? 'boot').trim()
}
