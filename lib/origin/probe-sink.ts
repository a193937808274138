import type { Probe } from '../model/probe.ts'
import type { Round } from '../model/round.ts'
import type { Target } from '../model/target.ts'
import { PROBE_COLUMNS, toProbeRows } from './probe-table.ts'

/** Where the records of a round go. */
export interface ProbeSink {
  /** Its error ends the round. */
  readonly emit: (record: Target | Probe | Round) => Promise<void> | undefined
  /** Takes an input line that is no line of ours. */
  readonly pass: (text: string) => Promise<void> | undefined
  readonly close: () => void
}

/** What takes records and lines, as RecordWriter does. */
export interface RecordsOut {
  readonly write: (record: object) => Promise<void> | undefined
  readonly pass: (text: string) => Promise<void> | undefined
}

/** Makes text of a table. */
export type RenderTable = (columns: typeof PROBE_COLUMNS, rows: readonly (readonly string[])[]) => string

/** Every record as it comes. */
export function recordSink(out: RecordsOut): ProbeSink {
  return { emit: record => out.write(record), pass: text => out.pass(text), close: () => {} }
}

/** For people: one table of all probes at the end. */
export function tableSink(stdout: { write(text: string): boolean }, render: RenderTable): ProbeSink {
  const probes: Probe[] = []
  return {
    emit: record => {
      if (record.type === 'probe') probes.push(record)
      return undefined
    },
    pass: () => undefined,
    close: () => {
      stdout.write(render(PROBE_COLUMNS, toProbeRows(probes)))
    },
  }
}
