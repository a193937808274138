import type { Fault } from '../errors.ts'
import type { DaemonPlace } from './ctl-ask.ts'

/** Where what a verb of bootctl has to say goes: the command knows how. */
export interface CtlOut {
  /** A person reads it: text and tables instead of records. */
  readonly isPerson: boolean
  /** The columns of the terminal. */
  readonly columns: number
  /** Wait for the promise, where there is one: it is the reader's back-pressure. */
  readonly record: (record: object) => Promise<void> | undefined
  readonly line: (text: string) => Promise<void> | undefined
  readonly table: (columns: readonly CtlColumn[], rows: readonly (readonly string[])[]) => Promise<void> | undefined
  /** Has what was written on its way before anything else is waited for. */
  readonly flush: () => Promise<void>
  readonly say: (level: 'fatal' | 'warning' | 'info', text: string) => void
}

/** A column of a table, as the command's tables have it. */
export interface CtlColumn {
  readonly head: string
  readonly right?: true
}

/** One call of bootctl: a verb with its operands and options. */
export interface CtlCall {
  readonly place: DaemonPlace
  readonly operands: readonly string[]
  readonly options: {
    readonly follow: boolean
    readonly count: number | undefined
    readonly timeout: number | undefined
  }
  readonly out: CtlOut
  /** Runs a body until it ends, or TERM or INT comes. */
  readonly untilStopped: (body: (signal: AbortSignal) => Promise<void>) => Promise<void>
  readonly now: () => number
}

/** What a verb does; returns what failed and was told already. Throws a CommandError where nothing else can be done. */
export type CtlVerb = (call: CtlCall) => Promise<readonly Fault[]>
