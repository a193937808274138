import type { Writable } from 'node:stream'

/** Lines are gathered up to this many characters before they are written, or until the event loop turns. */
const BUFFER_CHARS = 64 * 1024

/** Writes records and passed-on lines to a stream, gathered into large writes, never faster than the reader reads. */
export class RecordWriter {
  readonly #open: () => Writable
  #buffer = ''
  #pending: Promise<void> | undefined
  #failed: Error | undefined
  #turn: NodeJS.Immediate | undefined

  /** `open` gives the stream to write to, at the first write: a command that writes nothing never opens its stdout. */
  constructor(open: () => Writable) {
    this.#open = open
  }

  /** Writes one record as one line. Wait for the promise, where there is one: it is the reader's back-pressure. */
  write(record: object): Promise<void> | undefined {
    return this.pass(JSON.stringify(record))
  }

  /** Writes one line as it is. Throws what a former write met (EPIPE when the reader has gone). */
  pass(text: string): Promise<void> | undefined {
    if (this.#failed !== undefined) throw this.#failed
    this.#buffer += text + '\n'
    if (this.#buffer.length >= BUFFER_CHARS) return this.flush()
    this.#turn ??= setImmediate(() => {
      this.flush().catch(() => {}) // kept in #failed, and thrown by the next write or close
    })
    return undefined
  }

  /** Writes what is gathered; settles when the stream has taken it. */
  async flush(): Promise<void> {
    clearImmediate(this.#turn)
    this.#turn = undefined
    while (this.#pending !== undefined) await this.#pending
    if (this.#failed !== undefined) throw this.#failed
    if (this.#buffer === '') return
    const text = this.#buffer
    this.#buffer = ''
    this.#pending = this.#put(text).finally(() => {
      this.#pending = undefined
    })
    await this.#pending
  }

  #put(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#open().write(text, error => {
        if (error) this.#failed = error
        if (error) reject(error)
        else resolve()
      })
    })
  }
}
