/** A column of a table for people: its heading, and whether numbers line up on the right. */
export interface Column {
  readonly head: string
  readonly right?: true
}

/** Rows as aligned text, two blanks between columns, no trailing blanks, a final newline. Pure. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ head }, i) => Math.max(head.length, ...rows.map(row => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    columns
      .map((column, i) => {
        const cell = cells[i] ?? ''
        return column.right ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)
      })
      .join('  ')
      .trimEnd()
  return [columns.map(column => column.head), ...rows].map(cells => `${line(cells)}\n`).join('')
}
