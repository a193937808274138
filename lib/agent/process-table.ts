import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { errnoOf, toCommandError } from '../errors.ts'

/**
 * Every process at one moment, in columns that share an index, in the order of their pids. It holds until the next one is
 * read: the columns are used again, because this is done again and again in a process that must stay small. Only the
 * first `count` rows are of this table.
 */
export interface ProcessTable {
  /** When it was read, in seconds of a clock that never jumps. */
  readonly at: number
  readonly count: number
  readonly pid: Int32Array
  readonly ppid: Int32Array
  readonly pgrp: Int32Array
  readonly session: Int32Array
  /** CPU time of its own, in ticks. */
  readonly ticks: Float64Array
  /** CPU time of the children it has waited for, in ticks. */
  readonly waited: Float64Array
  /** When it was started, in ticks since the boot: with the pid, it is never mistaken for another. */
  readonly start: Float64Array
  /** Resident pages. */
  readonly pages: Float64Array
  /** The row of its first child, and of the next child of its parent; -1: none. */
  readonly child: Int32Array
  readonly sibling: Int32Array
}

/** What parseStat takes: /proc/PID/stat fields 4 to 6, 14 to 17, 22 and 24, as proc_pid_stat(5) counts them. */
const FIELD_STATE = 3
const FIELD_LAST = 24
const fields = new Float64Array(FIELD_LAST + 1)
const line = new Uint8Array(1024)
/** Columns this many times too long are given back: there have been more processes once. */
const MOST_SPARE = 8
let columns = emptyTable(0)

/** Who ended since, or whom /proc hides from us. */
const LEFT_OUT = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

/**
 * Reads all of /proc in one pass; who ends meanwhile is left out. `at`: seconds of a clock that never jumps. Throws 'io'
 * where /proc cannot be read (no descriptor is left): a table without most of its processes would say that they ended.
 */
export function readProcessTable(at = performance.now() / 1000, proc = '/proc'): ProcessTable {
  const names = namesOf(proc)
  if (columns.pid.length < names.length || columns.pid.length > MOST_SPARE * names.length) {
    columns = emptyTable(names.length * 2)
  }
  names.forEach((name, row) => {
    columns.pid[row] = Number(name)
  })
  columns.pid.subarray(0, names.length).sort() // names come in the order of the alphabet
  let count = 0
  for (let row = 0; row < names.length; row++) {
    const pid = columns.pid[row] ?? 0
    if (readStat(`${proc}/${pid}/stat`)) fillRow(columns, count++, pid)
  }
  const table = { ...columns, at, count }
  linkRows(table)
  return table
}

/** The row of a pid, or -1. */
export function rowOf(table: ProcessTable, pid: number): number {
  let low = 0
  let high = table.count
  while (low < high) {
    const middle = (low + high) >> 1
    if ((table.pid[middle] ?? 0) < pid) low = middle + 1
    else high = middle
  }
  return low < table.count && table.pid[low] === pid ? low : -1
}

/** Fills `child` and `sibling` from the other columns. */
export function linkRows(table: ProcessTable): void {
  const { count, ppid, child, sibling } = table
  child.fill(-1, 0, count)
  for (let row = count - 1; row >= 0; row--) {
    const parent = rowOf(table, ppid[row] ?? 0)
    sibling[row] = child[parent] ?? -1
    if (parent >= 0) child[parent] = row
  }
}

/**
 * Takes the numbers of one line of /proc/PID/stat into `into`, by field; false where it is no such line. The name of
 * the program may hold blanks and parentheses, so what counts begins behind the last of these.
 */
export function parseStat(bytes: Uint8Array, length: number, into: Float64Array): boolean {
  let at = bytes.lastIndexOf(0x29, length - 1)
  if (at < 0 || at + 2 >= length) return false
  at += 4 // behind ') S '
  for (let field = FIELD_STATE + 1; field < into.length; field++) {
    const from = at
    let value = 0
    for (let byte = bytes[at]; at < length && byte !== 0x20 && byte !== 0x0a; byte = bytes[++at]) {
      if (byte !== undefined && byte >= 0x30 && byte <= 0x39) value = value * 10 + byte - 0x30
    }
    if (at === from) return false
    into[field] = bytes[from] === 0x2d ? -value : value
    at++
  }
  return true
}

function namesOf(proc: string): readonly string[] {
  try {
    return readdirSync(proc).filter(name => /^\d+$/.test(name))
  } catch (error) {
    throw toCommandError(`read '${proc}'`, error)
  }
}

function readStat(path: string): boolean {
  let fd: number | undefined
  try {
    fd = openSync(path, 'r')
    return parseStat(line, readSync(fd, line, 0, line.length, 0), fields)
  } catch (error) {
    if (LEFT_OUT.has(errnoOf(error) ?? '')) return false
    throw toCommandError(`read '${path}'`, error)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function emptyTable(size: number): ProcessTable {
  const whole = () => new Int32Array(size)
  const float = () => new Float64Array(size)
  const ids = { pid: whole(), ppid: whole(), pgrp: whole(), session: whole(), child: whole(), sibling: whole() }
  return { at: 0, count: 0, ...ids, ticks: float(), waited: float(), start: float(), pages: float() }
}

function fillRow(table: ProcessTable, row: number, pid: number): void {
  const field = (index: number) => fields[index] ?? 0
  table.pid[row] = pid
  table.ppid[row] = field(4)
  table.pgrp[row] = field(5)
  table.session[row] = field(6)
  table.ticks[row] = field(14) + field(15)
  table.waited[row] = field(16) + field(17)
  table.start[row] = field(22)
  table.pages[row] = field(24)
}
