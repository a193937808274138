import { closeSync, existsSync, openSync, readlinkSync, readSync, realpathSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ProcessId } from './life.ts'
import { allPids, hasEnded, processIdOf, readProc, statOf } from './process-id.ts'
import { candidatesOf, DELETED, exeOf } from './process-index.ts'

/** How a process of an agent looks: what it executes (null: anything), and the words its command line begins with. */
interface Looks {
  readonly exe: string | null
  readonly words: readonly string[]
  /** The first so many words are not compared: exe says it. */
  readonly skip: number
  /** Nothing follows those words. */
  readonly exact: boolean
}

const SHEBANG_BYTES = 256

/**
 * The oldest running process of this command line that is not `taken` (B21): it executes the first word, both resolved, also
 * when the file was replaced since; where there are more words its arguments are the same. A script is known by its interpreter and
 * the words after it. Never this process, a worker of
 * one that is taken, one of another pid namespace, or one of another program at the same place in a container. Throws 'again' when descriptors
 * have run out: then it cannot be told.
 */
export function findProcess(argv: readonly string[], taken: ReadonlySet<number>): ProcessId | null {
  const looks = looksOf(argv)
  let oldest: ProcessId | null = null
  for (const pid of looks.exe === null ? allPids() : candidatesOf(looks.exe, taken)) {
    if (taken.has(pid) || pid === process.pid || !isLike(looks, pid)) continue
    const stat = statOf(pid)
    if (stat === null || hasEnded(stat) || taken.has(stat.session) || taken.has(stat.ppid)) continue
    if (oldest === null || stat.startTime < oldest.startTime) oldest = { pid, startTime: stat.startTime }
  }
  return oldest
}

/** Whether the process with this pid is one of this command line (B16: a pid file may name a stranger). */
export function matches(argv: readonly string[], pid: number): boolean {
  return pid !== process.pid && isLike(looksOf(argv), pid) && processIdOf(pid) !== null
}

function isLike(looks: Looks, pid: number): boolean {
  const { exe: wanted } = looks
  const exe = wanted === null ? null : exeOf(pid)
  if (wanted !== null && exe !== wanted && exe !== wanted + DELETED) return false
  if (!hasWords(looks, pid) || (wanted !== null && exe === wanted && !isSameFile(wanted, pid))) return false
  return isProcess(pid) && isOurNamespace(pid)
}

function hasWords(looks: Looks, pid: number): boolean {
  if (looks.words.length <= looks.skip && !looks.exact) return true
  const text = readProc(`/proc/${pid}/cmdline`)
  if (text === null) return false
  const words = text.split('\0')
  words.pop()
  if (looks.exact ? words.length !== looks.words.length : words.length < looks.words.length) return false
  return looks.words.every((word, index) => index < looks.skip || words[index] === latin(word))
}

/** The bytes of a word as `readProc` hands them out. */
function latin(word: string): string {
  return Buffer.from(word).toString('latin1')
}

/** The path is the same: also the file, or is that of a container? Not to be asked of a file that was replaced. */
function isSameFile(path: string, pid: number): boolean {
  try {
    const ours = statSync(path)
    const its = statSync(`/proc/${pid}/exe`)
    return ours.ino === its.ino && ours.dev === its.dev
  } catch {
    return false // it has ended since, which is no fault of the one that is looked for
  }
}

/** A thread has a pid too, which is not among the names of /proc but is found there. */
function isProcess(pid: number): boolean {
  return readProc(`/proc/${pid}/status`)?.includes(`\nTgid:\t${pid}\n`) === true
}

function isOurNamespace(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) === readlinkSync('/proc/self/ns/pid')
  } catch {
    return false
  }
}

function looksOf(argv: readonly string[]): Looks {
  const program = argv[0] ?? ''
  const interpreter = shebangOf(program)
  if (interpreter === null) return { exe: resolved(program), words: argv, skip: 1, exact: argv.length > 1 }
  const [path = '', argument] = interpreter
  if (basename(path) !== 'env') {
    return { exe: resolved(path), words: [...interpreter, ...argv], skip: 0, exact: argv.length > 1 }
  }
  const words = (argument ?? '').split(/\s+/).filter(word => word !== '-S' && !word.includes('='))
  return { exe: null, words: [...words, ...argv], skip: 0, exact: argv.length > 1 }
}

function resolved(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path // removed: what still runs of it is known by its name
  }
}

/** The interpreter of a script and its one argument; null: it is none. */
function shebangOf(path: string): readonly string[] | null {
  if (!existsSync(path)) return null
  let fd: number | undefined
  try {
    fd = openSync(path, 'r')
    const buffer = Buffer.alloc(SHEBANG_BYTES)
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, SHEBANG_BYTES, 0))
    const match = /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*?)[ \t]*(?:\n|$)/.exec(text)
    if (match?.[1] === undefined) return null
    return match[2] ? [match[1], match[2]] : [match[1]]
  } catch {
    return null // may be executed but not read
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
