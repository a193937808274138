/** So much of a second may be caught up on after a pause that was not ours. */
const CREDIT = 0.1

/** So much may come ahead of what is taken, in bytes: where there is a rate, an eighth of a second of it, within reason. */
const AHEAD_MOST = 256 * 1024
const AHEAD_LEAST = 16 * 1024

/** Bytes of one or many connections spread over time, so that there are at most so many a second. */
export class Rate {
  readonly #perSecond: number
  #next = Number.NEGATIVE_INFINITY
  #held = Number.NEGATIVE_INFINITY

  /** Bytes a second; 0: as many as come. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** So many bytes may wait to be taken: what comes sooner is not held to the rate on its way here. */
  get ahead(): number {
    const eighth = this.#perSecond === 0 ? AHEAD_MOST : this.#perSecond / 8
    return Math.round(Math.min(AHEAD_MOST, Math.max(AHEAD_LEAST, eighth)))
  }

  /** Takes so many bytes at a time in seconds; returns for how many seconds nothing more may be taken. */
  take(bytes: number, now: number): number {
    if (this.#perSecond === 0) return 0
    this.#next = Math.max(this.#next, now - CREDIT) + bytes / this.#perSecond
    if (this.#next <= now) return 0
    this.#held = this.#next
    return this.#next - now
  }

  /** True where it held anything up after this time. */
  held(since: number): boolean {
    return this.#held > since
  }
}
