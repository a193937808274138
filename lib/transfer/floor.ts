import type { Rate } from './rate.ts'

/** Bytes a second: a transfer that brings fewer is as good as none. */
export const LEAST_PER_SECOND = 100

/** So many times in a row, as long as silence is borne, it must have been so. */
const WINDOWS = 2

/** Looks from time to time at a transfer that never falls quite silent. */
export class Floor {
  readonly #rate: Rate
  readonly #seconds: number
  #before: number
  #slow = 0

  /** It is asked every so many seconds; so many bytes are there. */
  constructor(rate: Rate, seconds: number, bytes: number) {
    this.#rate = rate
    this.#seconds = seconds
    this.#before = bytes
  }

  /** True where too little came, at a time in seconds; where nothing came it is for others to say, and what we held up is not counted. */
  isTooSlow(bytes: number, now: number): boolean {
    const came = bytes - this.#before
    this.#before = bytes
    if (came >= LEAST_PER_SECOND * this.#seconds || this.#rate.held(now - this.#seconds)) this.#slow = 0
    else if (came > 0) this.#slow += 1
    return this.#slow >= WINDOWS
  }
}
