/** After so long without anything happening to an agent, and not more often than this, in milliseconds. */
const QUIET_MS = 3000
const APART_MS = 60_000

/**
 * Gives memory back when all is quiet: what starts and ends leave is a sixth of the whole, and V8 keeps it until it needs
 * the room. It takes some 50 ms, so it is done neither in the midst of things nor often.
 */
export class Trim {
  readonly #collect: () => void
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined
  #touched = 0
  #last = Number.NEGATIVE_INFINITY

  /** `now` in milliseconds. */
  constructor(collect = collectGarbage, now = () => performance.now()) {
    this.#collect = collect
    this.#now = now
  }

  /** Something has happened. */
  touch(): void {
    this.#touched = this.#now()
    this.#timer ??= setTimeout(() => this.#look(), this.#wait()).unref()
  }

  /** Ends it. */
  close(): void {
    clearTimeout(this.#timer)
  }

  #wait(): number {
    return Math.max(this.#touched + QUIET_MS, this.#last + APART_MS) - this.#now()
  }

  #look(): void {
    const wait = this.#wait()
    this.#timer = wait > 0 ? setTimeout(() => this.#look(), wait).unref() : undefined
    if (wait > 0) return
    this.#last = this.#now()
    this.#collect()
  }
}

/** Only where Node was started with --expose-gc. */
function collectGarbage(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
