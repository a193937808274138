/** So much of a second may be caught up on after a pause that was not ours. */
const CREDIT = 0.1

/** Bytes of one or many connections spread over time, so that there are at most so many a second. */
export class Rate {
  readonly #perSecond: number
  #next = Number.NEGATIVE_INFINITY

  /** Bytes a second; 0: as many as come. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Takes so many bytes at a time in seconds; returns for how many seconds nothing more may be taken. */
  take(bytes: number, now: number): number {
    if (this.#perSecond === 0) return 0
    this.#next = Math.max(this.#next, now - CREDIT) + bytes / this.#perSecond
    if (this.#next <= now) return 0
    return this.#next - now
  }
}
