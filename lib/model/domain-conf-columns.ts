import { quote, type Remarks } from './conf-lines.ts'

/** The fields of one line of domain.conf, and what is wrong with them. */
export interface Row {
  readonly fields: readonly string[]
  readonly remarks: Remarks
}

/** The columns by number, named as the header comment of such files names the first 13 (formats 2.1). */
const NAMES = [
  'Host',
  'Info',
  'Detect',
  'Times',
  'WarnTime',
  'good_time',
  'Len',
  'Good_Ip',
  'Modify',
  'Backup',
  'Method',
  'Code',
  'Ip',
  'Method2',
  'Port',
  'Use_Dns',
  'Weights',
  'Dns_Reuse',
  'Sort',
  'Tcp_Interval',
  'Http_Interval',
  'Timeout',
  'Final',
] as const

/** How many columns a record may have (formats 2.2). */
const COUNTS: readonly number[] = [13, 19, 21, 22, 23]

const INTEGER = /^[+-]?\d{1,15}$/
const DECIMAL = /^[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})$/

/** `column 8 (Good_Ip)`. */
export function columnTitle(column: number): string {
  return `column ${column} (${NAMES[column - 1] ?? '-'})`
}

/** The text of a column, by its number from 1. */
export function columnText({ fields }: Row, column: number): string {
  return fields[column - 1] ?? ''
}

/** What is wrong with the number of columns, or undefined (formats 2.2). */
export function countFault(count: number): string | undefined {
  if (COUNTS.includes(count)) return undefined
  const columns = `has ${count} ${count === 1 ? 'column' : 'columns'}`
  if (count > NAMES.length) return `${columns}, at most ${NAMES.length} are known`
  return `${columns}: ${columnTitle(count + 1)} is missing`
}

/** Is the first letter of the column a Y? Anything else is a no. */
export function isYes(row: Row, column: number): boolean {
  return /^y/i.test(columnText(row, column))
}

/** A whole number, clamped into its bounds; anything else is an error. */
export function integerColumn(row: Row, column: number, least = -Infinity, most = Infinity): number {
  const text = columnText(row, column)
  if (INTEGER.test(text)) return Math.min(Math.max(Number(text), least), most) + 0
  const fault = DECIMAL.test(text) ? 'not a whole number' : /^[+-]?\d+$/.test(text) ? 'too large' : 'not a number'
  row.remarks.error(`${columnTitle(column)} is ${fault}: ${quote(text)}`)
  return 0
}

/** Seconds of a threshold: what is no number, or negative, is 0 as it was in the legacy program, but said. */
export function thresholdColumn(row: Row, column: number, text = columnText(row, column)): number {
  const value = toDecimal(text)
  if (value !== undefined && value >= 0) return value
  const fault = value === undefined ? 'not a number' : 'negative'
  row.remarks.warning(`${columnTitle(column)} is ${fault}: ${quote(text)}, taken as 0`)
  return 0
}

/** A decimal number, or undefined. */
export function toDecimal(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) + 0 : undefined
}
