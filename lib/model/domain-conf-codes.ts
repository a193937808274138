import { quote } from './conf-lines.ts'
import { columnText, columnTitle, type Row } from './domain-conf-columns.ts'

/** `000` is what a connect-only probe has: the one way to accept it (formats 7.4). */
const GROUP = /^(?:[1-5][0-9*][0-9*]|000)$/

/** Is this one group of column 12: `200`, `30*`, `2**`, or the `000` of a connect-only probe? */
export function isCodeGroup(text: string): boolean {
  return GROUP.test(text)
}

/** Column 12: groups between `|`; a `*` cuts a group there, so `2*4` means, and comes as, `2**` (formats 2.5). */
export function codesColumn(row: Row): string[] {
  const text = columnText(row, 12)
  const groups = text.split('|')
  for (const group of groups) {
    if (isCodeGroup(group)) continue
    row.remarks.error(`${columnTitle(12)} is not a code like 200, 30* or 2**, separated by '|': ${quote(group)}`)
  }
  return groups.map(group => (group[1] === '*' ? `${group[0]}**` : group))
}

/** Does the status match a group of column 12? */
export function acceptsCode(groups: readonly string[], code: string): boolean {
  return groups.some(group => [...group].every((sign, at) => sign === '*' || sign === code[at]))
}
