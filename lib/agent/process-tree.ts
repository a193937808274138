import type { ProcessId } from './life.ts'
import { type ProcessTable, rowOf } from './process-table.ts'

/**
 * The rows of an agent's tree, in the order of their pids: its main process, all that descend from it, the members of its
 * session (workers whose parent has ended), and what descends from these. `session` 0: it has none of its own. A pid that
 * is another process now is none of it; the session of this very process is never taken for an agent's.
 */
export function treeOf(table: ProcessTable, root: ProcessId, session: number): readonly number[] {
  const row = rowOf(table, root.pid)
  const isRoot = row >= 0 && table.start[row] === root.startTime
  const open = isRoot ? [row] : []
  const stranger = row >= 0 && !isRoot && session === root.pid
  if (!stranger && mayBeIts(table, session)) {
    for (let at = memberFrom(table, session, 0); at >= 0; at = memberFrom(table, session, at + 1)) open.push(at)
  }
  const seen = new Set<number>()
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    for (let child = table.child[at] ?? -1; child >= 0; child = table.sibling[child] ?? -1) open.push(child)
  }
  return [...seen].sort((a, b) => a - b)
}

function memberFrom(table: ProcessTable, session: number, from: number): number {
  const row = table.session.indexOf(session, from)
  return row < table.count ? row : -1
}

function mayBeIts(table: ProcessTable, session: number): boolean {
  if (session <= 0) return false
  const self = rowOf(table, process.pid)
  return self < 0 || table.session[self] !== session
}
