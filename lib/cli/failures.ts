import type { CommandError } from '../errors.ts'
import type { ErrorRecord } from '../model/error-record.ts'
import type { RecordWriter } from '../ndjson/write.ts'
import { message } from './message.ts'

/** Tells one failure of many: on stderr and, where stdout is no terminal, as an `error` record; the work goes on. */
export function tellFailure(out: RecordWriter, command: string, about: string, error: CommandError, record: object) {
  const text = `${about}: ${error.message}`
  message('fatal', text)
  if (process.stdout.isTTY) return undefined
  const told: ErrorRecord = {
    type: 'error',
    command,
    level: 'fatal',
    message: text,
    record,
    time: new Date().toISOString(),
  }
  return out.write(told)
}
