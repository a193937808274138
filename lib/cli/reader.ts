import type { RecordWriter } from '../ndjson/write.ts'
import { type Level, message } from './message.ts'
import { type Column, renderTable } from './table.ts'

/** Who reads the output of a command, and the ways to reach him. */
export interface Reader {
  /** A person, at a terminal: text and tables instead of records. */
  readonly isPerson: boolean
  /** The columns of the terminal. */
  readonly columns: number
  /** Wait for the promise, where there is one: it is the reader's back-pressure. */
  readonly record: (record: object) => Promise<void> | undefined
  readonly line: (text: string) => Promise<void> | undefined
  readonly table: (columns: readonly Column[], rows: readonly (readonly string[])[]) => Promise<void> | undefined
  /** Settles when all that was written is on its way. */
  readonly flush: () => Promise<void>
  /** A line on stderr. */
  readonly say: (level: Level, text: string) => void
}

/** The reader of stdout; with `json` he wants records at a terminal too. */
export function toReader(out: RecordWriter, json: boolean): Reader {
  return {
    isPerson: process.stdout.isTTY && !json,
    columns: process.stdout.columns || 80,
    record: record => out.write(record),
    line: text => out.pass(text),
    table: (columns, rows) => out.pass(renderTable(columns, rows).trimEnd()),
    flush: () => out.flush(),
    say: message,
  }
}
