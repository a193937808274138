import { opendirSync, statSync } from 'node:fs'
import { errnoOf } from '../errors.ts'
import { kernelUnits } from './kernel-units.ts'
import type { ProcessId } from './life.ts'
import type { ProcessTable } from './process-table.ts'
import { treeOf } from './process-tree.ts'

/** What a process tree uses; null: not known (B25). */
export interface Usage {
  /** Percent of one core since the look before; null at the first look. */
  readonly cpu: number | null
  /** Resident memory in KB. */
  readonly rss: number | null
  /** Open file descriptors; null where they were not asked for. */
  readonly fds: number | null
}

/** What a look leaves for the next one. */
export interface CpuMark {
  readonly at: number
  readonly cpu: number | null
  /** The start time, in ticks, of the youngest process of the host: who is older and was not in the tree has come into it. */
  readonly newest: number
  /** Four numbers a process, by pid: pid, start, own ticks, ticks of the children it waited for. */
  readonly rows: readonly number[]
}

const WIDTH = 4
/** Looks nearer to each other than this say the same again: a tick is 10 ms. */
const LEAST_SECONDS = 0.25

/**
 * What the tree of `root`, with its session, uses at the moment of the table, and the mark for the next look. Descriptors
 * are counted only when asked for. All is null where no process is left.
 */
export function usageOf(
  table: ProcessTable,
  root: ProcessId,
  session: number,
  before: CpuMark | null,
  fds = false,
): { readonly usage: Usage; readonly mark: CpuMark } {
  const tree = treeOf(table, root, session)
  const near = before !== null && table.at - before.at < LEAST_SECONDS
  const mark = near ? before : markOf(table, tree, before)
  if (tree.length === 0) return { usage: { cpu: null, rss: null, fds: null }, mark }
  let pages = 0
  for (const row of tree) pages += table.pages[row] ?? 0
  const rss = Math.round((pages * kernelUnits().page) / 1024)
  return { usage: { cpu: mark.cpu, rss, fds: fds ? countFds(table, tree) : null }, mark }
}

function markOf(table: ProcessTable, tree: readonly number[], before: CpuMark | null): CpuMark {
  const rows: number[] = []
  for (const row of tree) {
    rows.push(table.pid[row] ?? 0, table.start[row] ?? 0, table.ticks[row] ?? 0, table.waited[row] ?? 0)
  }
  let newest = 0
  for (let row = 0; row < table.count; row++) newest = Math.max(newest, table.start[row] ?? 0)
  const mark = { at: table.at, cpu: null, newest, rows }
  if (before === null) return mark
  const percent = (100 * ticksSince(before, rows)) / kernelUnits().ticks / (table.at - before.at)
  return { ...mark, cpu: Math.round(percent * 10) / 10 }
}

/**
 * The ticks a tree has used since a mark. Two sums, each never above the truth, and the larger is taken: what each process
 * that is there has used itself; and that with the children that ended in between, whose time their parent got when
 * it waited for them (less what they had used at the mark), which misses those that nobody of the tree waited for.
 */
export function ticksSince(before: CpuMark, rows: readonly number[]): number {
  let own = 0
  let all = 0
  let at = 0
  for (let row = 0; row < rows.length; row += WIDTH) {
    const pid = rows[row] ?? 0
    const start = rows[row + 1] ?? 0
    const ticks = rows[row + 2] ?? 0
    for (; at < before.rows.length && (before.rows[at] ?? 0) < pid; at += WIDTH) all -= bothOf(before.rows, at)
    if (before.rows[at] === pid && before.rows[at + 1] === start) {
      own += ticks - (before.rows[at + 2] ?? 0)
      all += bothOf(rows, row) - bothOf(before.rows, at)
      at += WIDTH
    } else if (start >= before.newest) {
      own += ticks
      all += bothOf(rows, row)
    }
  }
  for (; at < before.rows.length; at += WIDTH) all -= bothOf(before.rows, at)
  return Math.max(own, all, 0)
}

function bothOf(rows: readonly number[], at: number): number {
  return (rows[at + 2] ?? 0) + (rows[at + 3] ?? 0)
}

function countFds(table: ProcessTable, tree: readonly number[]): number | null {
  let sum: number | null = null
  for (const row of tree) {
    const count = fdsOf(table.pid[row] ?? 0)
    if (count !== null) sum = (sum ?? 0) + count
  }
  return sum
}

/** Linux from 6.2 on says the number as the size of the directory; before, they are counted without keeping their names. */
function fdsOf(pid: number): number | null {
  const path = `/proc/${pid}/fd`
  try {
    const { size } = statSync(path)
    if (size > 0) return size
    const directory = opendirSync(path)
    let count = 0
    while (directory.readSync() !== null) count++
    directory.closeSync()
    return count
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 0 : null // ended since; or it is another user's
  }
}
