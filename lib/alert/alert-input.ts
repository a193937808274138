import { checkOf } from '../model/check.ts'
import { ErrorRecord } from '../model/error-record.ts'
import { readLines } from '../ndjson/lines.ts'
import { type Alert, recordToAlert, textToAlert } from './alert.ts'

/** The same alert, however often it came in: how it came in last. */
export interface GatheredAlert extends Alert {
  readonly count: number
}

/** All that came in: one entry a key, and how many alerts there were beyond the most that are kept apart. */
export interface Gathered {
  readonly alerts: readonly GatheredAlert[]
  readonly overflow: number
}

/** How many different alerts are kept apart. */
export const KEYS_MOST = 1000

/** Where a line stands: `file` is undefined for standard input. */
interface Place {
  readonly file: string | undefined
  readonly line: number
}

/**
 * Reads `error` records and lines of text; other records are no alert. A line that should be a record and is none is
 * reported to `bad`, and is an alert too: something upstream is broken, and somebody should hear of it.
 */
export async function gatherAlerts(
  inputs: readonly { readonly file: string | undefined; readonly stream: AsyncIterable<Uint8Array> }[],
  now: () => number,
  bad: (place: Place, reason: string) => void,
): Promise<Gathered> {
  const kept = new Map<string, GatheredAlert>()
  let overflow = 0
  const check = checkOf(ErrorRecord)
  for (const { file, stream } of inputs) {
    for await (const { line, text } of readLines(stream)) {
      const read = readLine(text, now(), check)
      if (typeof read === 'string') bad({ file, line }, read)
      const alert = typeof read === 'string' ? textToAlert(`mail-alert: warning: bad input: ${read}`, now()) : read
      if (alert === undefined) continue
      const before = kept.get(alert.key)
      if (before === undefined && kept.size >= KEYS_MOST) overflow++
      else kept.set(alert.key, { ...alert, count: (before?.count ?? 0) + 1 })
    }
  }
  return { alerts: [...kept.values()], overflow }
}

/** The alert of a line, undefined where it is none, or why it should have been one and is not. */
function readLine(
  text: string | undefined,
  now: number,
  check: (record: unknown) => ErrorRecord,
): Alert | undefined | string {
  if (text === undefined) return 'a line that is too long'
  if (!text.startsWith('{')) return textToAlert(text, now)
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    return 'not JSON'
  }
  if (typeof record !== 'object' || record === null || !('type' in record) || record.type !== 'error') return undefined
  try {
    return recordToAlert(check(record), now)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
