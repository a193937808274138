import { LINE_LIMIT, readLines } from './lines.ts'

/** Any record: a JSON object; which one it is stands in `type`. */
export type JsonObject = { readonly [field: string]: unknown }

/** A line that is a record, or a line that is not, with the reason. Blank lines are passed over, but counted. */
export type RecordLine =
  | { readonly line: number; readonly text: string; readonly record: JsonObject }
  | { readonly line: number; readonly fault: string }

/** Reads NDJSON: one JSON object a line, numbered from 1. A bad line is told with its number and does not end it. */
export async function* readRecords(input: AsyncIterable<Uint8Array>, limit = LINE_LIMIT): AsyncGenerator<RecordLine> {
  for await (const { line, text } of readLines(input, limit)) {
    if (text === undefined) yield { line, fault: `longer than ${limit} characters` }
    else if (text.trim() !== '') yield toRecordLine(line, text)
  }
}

/** Turns a record into a checked value, or throws an Error that names the field. */
export type Check<T> = (record: JsonObject) => T

/** What becomes of the lines that are not for this command. */
export interface Others {
  /** A record of a type this command does not know: to be passed on unchanged. */
  readonly pass: (text: string) => Promise<void> | undefined
  /** A line that is no record, or a known one that fails its check. */
  readonly bad: (line: number, reason: string) => void
}

/** The records of the types in `checks`, checked; every other line goes to `others`, which keeps annotations alive. */
export async function* selectRecords<T>(
  input: AsyncIterable<Uint8Array>,
  checks: { readonly [type: string]: Check<T> },
  others: Others,
  limit = LINE_LIMIT,
): AsyncGenerator<{ readonly line: number; readonly value: T }> {
  for await (const item of readRecords(input, limit)) {
    if ('fault' in item) {
      others.bad(item.line, item.fault)
      continue
    }
    const type = item.record['type']
    const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined
    if (check === undefined) {
      await others.pass(item.text)
      continue
    }
    let value: T
    try {
      value = check(item.record)
    } catch (error) {
      others.bad(item.line, error instanceof Error ? error.message : String(error))
      continue
    }
    yield { line: item.line, value }
  }
}

function toRecordLine(line: number, text: string): RecordLine {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { line, fault: 'not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { line, fault: 'not an object' }
  return { line, text, record: value as JsonObject }
}
