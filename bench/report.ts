import { renderTable } from '../lib/cli/table.ts'

/** Prints one table of the bench: a title, then aligned rows, the first column on the left. */
export function printTable(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const columns = heads.map((head, i) => (i === 0 ? { head } : ({ head, right: true } as const)))
  process.stdout.write(`\n${title}\n\n${renderTable(columns, rows)}`)
}

/** A ratio with its target and whether it is met: `1.05 × (≤ 1.1)`, `1.20 × (≤ 1.1, missed)`. */
export function ratio(ours: number, peer: number, target?: { most?: number; least?: number }): string {
  const value = ours / peer
  if (target === undefined) return `${value.toFixed(2)} ×`
  const wish = target.most === undefined ? `≥ ${target.least}` : `≤ ${target.most}`
  const met = target.most === undefined ? value >= (target.least ?? 0) : value <= target.most
  return `${value.toFixed(2)} × (${wish}${met ? '' : ', missed'})`
}

/** A figure with its bound: `64 MB (≤ 80)`. */
export function bound(value: number, most: number, unit: string, digits = 0): string {
  return `${value.toFixed(digits)} ${unit} (≤ ${most}${value <= most ? '' : ', missed'})`
}
