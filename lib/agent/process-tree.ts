import type { ProcessId } from './life.ts'
import type { ProcessTable } from './process-table.ts'

/** How the rows of a table hang together: made once for all agents. */
interface Links {
  /** The row of a pid. */
  readonly rows: ReadonlyMap<number, number>
  /** By row: its first child, the next child of its parent, the next member of its session; -1 ends. */
  readonly child: Int32Array
  readonly sibling: Int32Array
  readonly member: Int32Array
  /** The first member of a session. */
  readonly sessions: ReadonlyMap<number, number>
}

const made = new WeakMap<ProcessTable, Links>()

/**
 * The rows of an agent's tree, in the order of their pids: its main process, all that descend from it, the members of its
 * session (workers whose parent has ended), and what descends from these. `session` 0: it has none of its own. A pid that
 * is another process now is none of it; the session of this very process is never taken for an agent's.
 */
export function treeOf(table: ProcessTable, root: ProcessId, session: number): Int32Array {
  const links = linksOf(table)
  const row = links.rows.get(root.pid)
  const isRoot = row !== undefined && table.start[row] === root.startTime
  const open: number[] = isRoot ? [row] : []
  const stranger = row !== undefined && !isRoot && session === root.pid
  if (!stranger && mayBeIts(table, links, session)) {
    for (let at = links.sessions.get(session) ?? -1; at >= 0; at = links.member[at] ?? -1) open.push(at)
  }
  const seen = new Set<number>()
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    for (let child = links.child[at] ?? -1; child >= 0; child = links.sibling[child] ?? -1) open.push(child)
  }
  return Int32Array.from(seen).sort()
}

function mayBeIts(table: ProcessTable, links: Links, session: number): boolean {
  if (session <= 0) return false
  const self = links.rows.get(process.pid)
  return self === undefined || table.session[self] !== session
}

function linksOf(table: ProcessTable): Links {
  const known = made.get(table)
  if (known !== undefined) return known
  const rows = new Map<number, number>()
  for (let row = 0; row < table.count; row++) rows.set(table.pid[row] ?? 0, row)
  const empty = () => new Int32Array(table.count).fill(-1)
  const child = empty()
  const sibling = empty()
  const member = empty()
  const sessions = new Map<number, number>()
  for (let row = table.count - 1; row >= 0; row--) {
    const session = table.session[row] ?? 0
    member[row] = sessions.get(session) ?? -1
    sessions.set(session, row)
    const parent = rows.get(table.ppid[row] ?? 0)
    if (parent === undefined) continue
    sibling[row] = child[parent] ?? -1
    child[parent] = row
  }
  const links = { rows, child, sibling, member, sessions }
  made.set(table, links)
  return links
}
