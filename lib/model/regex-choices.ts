/**
 * What an open repetition counts as. It may end in 127 places of a text of 127 bytes, but several share these, and one
 * that begins late has few.
 */
const OPEN = 32

/** An escape, a class, the head of a group, its end, a bar, a repetition, or any other character. */
const TOKEN =
  /\\.|\[(?:\\.|[^\]\\])*\]|(\((?:\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:))?)|(\))|(\|)|([*+?]|\{\d+(?:,\d*)?\})\??|./gsy

/** A group while it is read: choices of the branches before, of this branch, and of its last item. */
interface Group {
  done: number
  branch: number
  last: number
}

/**
 * How many ways a backtracking matcher may have to try for a valid regular expression, at most: the product of the
 * choices of its repetitions and alternatives; Infinity where a repetition holds choices of its own, as in `(a+)+`.
 */
export function choicesOf(source: string): number {
  const groups: Group[] = [{ done: 0, branch: 1, last: 1 }]
  for (const [, open, close, bar, repeat] of source.matchAll(TOKEN)) {
    const group = groups.at(-1)
    if (group === undefined) break
    if (open !== undefined) groups.push({ done: 0, branch: 1, last: 1 })
    else if (close !== undefined && groups.length > 1) endGroup(groups)
    else if (bar !== undefined) endBranch(group)
    else if (repeat !== undefined) group.last = repeated(group.last, repeat)
    else endItem(group, 1)
  }
  return groups.reduce((all, { done, branch, last }) => all * (done + branch * last), 1)
}

function endItem(group: Group, next: number): void {
  group.branch *= group.last
  group.last = next
}

function endBranch(group: Group): void {
  group.done += group.branch * group.last
  group.branch = 1
  group.last = 1
}

function endGroup(groups: Group[]): void {
  const { done, branch, last } = groups.pop() ?? { done: 0, branch: 1, last: 1 }
  const outer = groups.at(-1)
  if (outer !== undefined) endItem(outer, done + branch * last)
}

function repeated(inner: number, repeat: string): number {
  const [least, most] = boundsOf(repeat)
  const choices = most === Infinity ? OPEN : most - least + 1
  if (inner === 1) return Math.min(choices, OPEN)
  return most === Infinity ? Infinity : choices * inner ** most
}

function boundsOf(repeat: string): readonly [number, number] {
  if (repeat === '?') return [0, 1]
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(repeat) ?? []
  if (least === undefined) return [repeat === '+' ? 1 : 0, Infinity]
  if (comma === '') return [Number(least), Number(least)]
  return [Number(least), most === '' ? Infinity : Number(most)]
}
