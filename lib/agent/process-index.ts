import { existsSync, readlinkSync } from 'node:fs'
import { allPids, readProc } from './process-id.ts'

/** Which processes executed what, at one moment. */
interface Index {
  /** In milliseconds of the steady clock. */
  readonly at: number
  /** The last pid that had been given out. */
  readonly last: number
  readonly byExe: ReadonlyMap<string, readonly number[]>
  /** Whose were not looked at. */
  readonly skipped: readonly number[]
}

/** What is put behind the path of a file that was replaced or removed since. */
export const DELETED = ' (deleted)'

/** How long an index is good for, together with a look at every pid that was given out since. */
const FRESH_MS = 100
/** With more new pids than this a new index is no dearer. */
const MOST_NEW = 100
const MOST_HINTS = 4096
/** Pids whose exe could not be read before: these are asked first whether it can, since an exception costs more. */
const unreadable = new Set<number>()
/**
 * The kernel begins with this pid again after the largest one: those below it are given out once after the boot, most of them
 * to its own threads, which execute nothing ever. On a small host these are half of all pids.
 */
const FIRST_AGAIN = 300
const kernelThreads = new Set<number>()
let index: Index | null = null

/**
 * The processes that may execute this file, those that are `taken` left out; some may be threads, which have pids too. When a
 * thousand agents are started at once /proc is not gone through a thousand times: pids are given out in order, so who came since
 * the last time is among the few that follow. Throws 'again' when descriptors have run out.
 */
export function candidatesOf(exe: string, taken: ReadonlySet<number>): readonly number[] {
  const now = performance.now()
  const last = lastPid()
  if (index === null || isOld(index, now, last)) index = makeIndex(now, last, taken)
  const found: number[] = []
  for (const pid of index.byExe.get(exe) ?? []) if (!taken.has(pid)) found.push(pid)
  for (const pid of index.skipped) if (!taken.has(pid)) found.push(pid)
  for (let pid = index.last + 1; pid <= last; pid++) {
    if (!taken.has(pid) && existsSync(`/proc/${pid}/exe`)) found.push(pid)
  }
  return found
}

/** What a process executes; null: a kernel thread, a zombie, or somebody else's. */
export function exeOf(pid: number): string | null {
  const link = `/proc/${pid}/exe`
  if (unreadable.has(pid) && !existsSync(link)) return null
  try {
    return readlinkSync(link)
  } catch {
    if (unreadable.size >= MOST_HINTS) unreadable.clear()
    unreadable.add(pid)
    return null
  }
}

function makeIndex(at: number, last: number, taken: ReadonlySet<number>): Index {
  const byExe = new Map<string, number[]>()
  const skipped: number[] = []
  for (const pid of allPids()) {
    if (kernelThreads.has(pid)) continue
    if (taken.has(pid)) {
      skipped.push(pid)
      continue
    }
    const exe = exeOf(pid)
    if (exe === null) {
      if (pid < FIRST_AGAIN && last >= FIRST_AGAIN && isKernelThread(pid)) kernelThreads.add(pid)
      continue
    }
    const path = exe.endsWith(DELETED) ? exe.slice(0, -DELETED.length) : exe
    const pids = byExe.get(path)
    if (pids === undefined) byExe.set(path, [pid])
    else pids.push(pid)
  }
  return { at, last, byExe, skipped }
}

/** PF_KTHREAD in the flags, field 9 of stat. */
function isKernelThread(pid: number): boolean {
  const stat = readProc(`/proc/${pid}/stat`)
  return stat !== null && (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ', 7)[6]) & 0x200000) !== 0
}

function isOld(index: Index, now: number, last: number): boolean {
  return now - index.at > FRESH_MS || last < 0 || last < index.last || last - index.last > MOST_NEW
}

/** The pid that was given out last; -1: it is not known. */
function lastPid(): number {
  const pid = Number(readProc('/proc/loadavg')?.split(' ')[4])
  return Number.isSafeInteger(pid) ? pid : -1
}
