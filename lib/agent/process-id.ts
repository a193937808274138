import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { CommandError, errnoOf, reasonOf } from '../errors.ts'
import type { ProcessId } from './life.ts'

/** What /proc/PID/stat says of a process, as far as it matters here; startTime is in ticks since the boot. */
export interface ProcessStat {
  readonly state: string
  readonly ppid: number
  readonly pgrp: number
  readonly session: number
  readonly startTime: number
}

/** USER_HZ: the ticks of /proc are hundredths of a second on every Linux. */
const TICKS = 100
const BUFFER = Buffer.alloc(4096)

/** Kept open to be given up when descriptors have run out: who runs must be known then most of all. */
let spare: number | null = null

/** Does what opens a descriptor for a moment, with the spare one where there is no other; throws what it throws. */
function withDescriptor<T>(deed: () => T): T {
  try {
    spare ??= openSync('/dev/null', 'r')
    return deed()
  } catch (error) {
    if (spare === null || !isShort(error)) throw error
    closeSync(spare)
    spare = null
    return deed()
  }
}

/** Whether descriptors have run out, here or everywhere. */
function isShort(error: unknown): boolean {
  const code = errnoOf(error)
  return code === 'EMFILE' || code === 'ENFILE'
}

/** Reads one text of /proc, at most 4 KiB of it; null: no such process, or it is not to be read. */
export function readProc(path: string): string | null {
  if (!existsSync(path)) return null // far cheaper than an exception, and processes end all the time
  try {
    return withDescriptor(() => readStart(path))
  } catch {
    return null
  }
}

function readStart(path: string): string {
  const fd = openSync(path, 'r')
  try {
    return BUFFER.toString('latin1', 0, readSync(fd, BUFFER, 0, BUFFER.length, 0))
  } finally {
    closeSync(fd)
  }
}

/** Parses /proc/PID/stat; the name in the second field may hold blanks and parentheses. null: it is no such text. */
export function parseStat(text: string): ProcessStat | null {
  const end = text.lastIndexOf(')')
  if (end < 0) return null
  const fields = text.slice(end + 2).split(' ', 20)
  const startTime = Number(fields[19])
  if (fields[0] === undefined || fields[19] === undefined || !Number.isSafeInteger(startTime)) return null
  return {
    state: fields[0],
    ppid: Number(fields[1]),
    pgrp: Number(fields[2]),
    session: Number(fields[3]),
    startTime,
  }
}

/** What /proc says of a process, a zombie too; null: there is none. */
export function statOf(pid: number): ProcessStat | null {
  const text = readProc(`/proc/${pid}/stat`)
  return text === null ? null : parseStat(text)
}

/** A zombie has ended: only its parent has not asked yet. */
export function hasEnded(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X'
}

/** The process that has this pid now; null: none, or one that has ended. */
export function processIdOf(pid: number): ProcessId | null {
  const stat = statOf(pid)
  return stat === null || hasEnded(stat) ? null : { pid, startTime: stat.startTime }
}

/** Whether this very process, and not a later one with its pid, is running; where /proc cannot be read, that one is. */
export function isAlive(id: ProcessId): boolean {
  const stat = statOf(id.pid)
  return stat === null ? existsSync(`/proc/${id.pid}`) : stat.startTime === id.startTime && !hasEnded(stat)
}

/** When it was started, in seconds since the epoch, to a hundredth. */
export function startedAt(id: ProcessId): number {
  const uptime = Number.parseFloat(readProc('/proc/uptime') ?? '')
  return Date.now() / 1000 - (uptime - id.startTime / TICKS)
}

/** Every pid there is, threads not among them. Throws 'again' when descriptors have run out. */
export function allPids(): readonly number[] {
  const pids: number[] = []
  for (const name of readNames()) {
    const first = name.charCodeAt(0)
    if (first >= 49 && first <= 57) pids.push(Number(name))
  }
  return pids
}

function readNames(): readonly string[] {
  try {
    return withDescriptor(() => readdirSync('/proc'))
  } catch (error) {
    throw new CommandError('again', `unable to read '/proc': ${reasonOf(error)}`, { cause: error })
  }
}

/**
 * Signals a process, or the process group it leads or was left behind in by its daemon's way of starting; never another
 * that has its pid by now, and never a group that belongs to somebody else (B22). Whether there was one to signal.
 */
export function signalTo(id: ProcessId, signal: NodeJS.Signals | 0, group: boolean): boolean {
  if (id.pid <= 1) return false // kill(-1) is everything
  const stat = statOf(id.pid)
  if (stat !== null && stat.startTime !== id.startTime) return false
  if (!group) return stat !== null && !hasEnded(stat) && kill(id.pid, signal)
  if (stat === null) return hasOrphans(id) && kill(-id.pid, signal)
  if (stat.pgrp === id.pid) return kill(-id.pid, signal)
  const whole = stat.pgrp > 1 && stat.pgrp === stat.session && processIdOf(stat.pgrp) === null
  return kill(whole ? -stat.pgrp : id.pid, signal)
}

/** Whether no process of this group is running any more; zombies that nobody collects do not count. */
export function groupIsEmpty(pgid: number): boolean {
  if (pgid <= 1 || !kill(-pgid, 0, true)) return true
  return !someProcess(stat => stat.pgrp === pgid && !hasEnded(stat), true)
}

/** Whether the group of a leader that is gone still has members: its number is not given out again while it has. */
function hasOrphans({ pid, startTime }: ProcessId): boolean {
  if (!kill(-pid, 0, true)) return false
  return someProcess(stat => stat.pgrp === pid && stat.session === pid && stat.startTime >= startTime, false)
}

function someProcess(is: (stat: ProcessStat) => boolean, unknown: boolean): boolean {
  try {
    return allPids().some(pid => {
      const stat = statOf(pid)
      return stat !== null && is(stat)
    })
  } catch {
    return unknown
  }
}

function kill(pid: number, signal: NodeJS.Signals | 0, orNotOurs = false): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    return orNotOurs && errnoOf(error) === 'EPERM'
  }
}
