import { errnoOf } from '../errors.ts'

/** Writes some of the bytes, as `fs.writeSync` does: returns how many, throws EAGAIN where none can be taken now. */
export type WriteSome = (bytes: Uint8Array) => number

/** The access log: records in, lines out, and never a wait for who reads them. */
export interface AccessLog {
  write(record: object): void
  /** Writes what is left, as far as the reader takes it. */
  close(): void
  /** How many records were dropped: the reader was too slow, or has gone. */
  readonly dropped: number
}

/** How much waits for a slow reader before records are dropped, in characters. */
const BACKLOG_MOST = 1024 * 1024
/** How long a reader that takes nothing is left alone, in ms. */
const RETRY_MS = 50

/**
 * Opens the access log. A stream's own queue would grow without end behind a reader that has stopped, and would keep
 * the process alive when it is to end: so the writes are our own, to a descriptor that does not block.
 */
export function openAccessLog(writeSome: WriteSome): AccessLog {
  let lines = ''
  let bytes: Uint8Array = new Uint8Array()
  let gone = false
  let dropped = 0
  let scheduled = false
  const schedule = (retry: boolean) => {
    scheduled = true
    if (retry) setTimeout(flush, RETRY_MS).unref()
    else setImmediate(flush)
  }
  const flush = () => {
    scheduled = false
    try {
      while (bytes.length > 0 || lines !== '') {
        if (bytes.length === 0) {
          bytes = Buffer.from(lines)
          lines = ''
        }
        bytes = bytes.subarray(writeSome(bytes))
      }
    } catch (error) {
      if (errnoOf(error) === 'EAGAIN') schedule(true)
      else gone = true
    }
  }
  return {
    write(record) {
      if (gone || lines.length > BACKLOG_MOST) {
        dropped++
        return
      }
      lines += JSON.stringify(record) + '\n'
      if (!scheduled) schedule(false)
    },
    close: flush,
    get dropped() {
      return dropped
    },
  }
}
