import { CommandError } from '../errors.ts'
import type { ErrorRecord } from '../model/error-record.ts'
import type { RecordWriter } from '../ndjson/write.ts'
import { EXIT, type ExitStatus } from './exit.ts'
import { message } from './message.ts'

/** Where a fault stands: a file (absent: standard input) and a line from 1. */
export interface Place {
  readonly file?: string | undefined
  readonly line?: number | undefined
}

/** Collects the faults of the input: each is reported with its place, the good lines go on, the end is status 65. */
export class BadInput {
  readonly #command: string
  readonly #out: RecordWriter
  readonly #places = new Set<string>()

  constructor(command: string, out: RecordWriter) {
    this.#command = command
    this.#out = out
  }

  /** Reports one fault as a warning on stderr and, where stdout is no terminal, as an `error` record. */
  report(place: Place, reason: string): void {
    const where = renderPlace(place)
    this.#places.add(where)
    message('warning', `${where}: ${reason}`)
    if (process.stdout.isTTY) return
    const record: ErrorRecord = {
      type: 'error',
      command: this.#command,
      level: 'warning',
      message: reason,
      file: place.file ?? null,
      line: place.line ?? null,
      time: new Date().toISOString(),
    }
    this.#out.write(record)?.catch(() => {}) // the next write of the command meets it too
  }

  /** With `--strict`: throws a 'data' CommandError when there was any fault, before anything is done. */
  refuseIfStrict(strict: boolean): void {
    const count = this.#places.size // a line can have several faults
    if (!strict || count === 0) return
    throw new CommandError('data', `${count} bad ${count === 1 ? 'line' : 'lines'}, nothing done (--strict)`)
  }

  /** The exit status at the end: `status`, or 65 when there was any fault. */
  status(status: ExitStatus = EXIT.ok): ExitStatus {
    return this.#places.size > 0 ? EXIT.data : status
  }
}

/** A place as it stands before a fault: `FILE:LINE`. */
export function renderPlace({ file, line }: Place): string {
  if (file === undefined) return line === undefined ? 'standard input' : `line ${line}`
  return line === undefined ? file : `${file}:${line}`
}
