/** A transfer that can be held back. */
export interface Pausable {
  readonly resume: () => void
}

/** What one transfer is taken to read at once, in bytes. */
const PIECE = 64 * 1024

/** Bytes per second over all transfers together: a token bucket that is never more than a tenth of a second full. */
export class RateLimit {
  readonly #perMs: number
  readonly #most: number
  #tokens: number
  #at: number
  readonly #now: () => number
  readonly #paused = new Set<Pausable>()
  #timer: NodeJS.Timeout | undefined

  /** `now` in milliseconds. */
  constructor(bytesPerSecond: number, now: () => number = () => performance.now()) {
    this.#perMs = bytesPerSecond / 1000
    this.#most = bytesPerSecond / 10
    this.#tokens = this.#most
    this.#now = now
    this.#at = now()
  }

  /** True while a new transfer may start. */
  get open(): boolean {
    this.#refill()
    return this.#tokens > 0
  }

  /** Takes what has come in; false: the transfer must stop reading, it is resumed when it is its turn. */
  take(bytes: number, transfer: Pausable): boolean {
    this.#refill()
    this.#tokens -= bytes
    if (this.#tokens > 0) return true
    this.#paused.add(transfer)
    this.#wait()
    return false
  }

  /** A transfer that has ended waits no longer. */
  forget(transfer: Pausable): void {
    this.#paused.delete(transfer)
    if (this.#paused.size > 0 || this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Milliseconds until a transfer may read again; 0 when it may now. */
  get waitMs(): number {
    this.#refill()
    return this.#tokens > 0 ? 0 : (1 - this.#tokens) / this.#perMs
  }

  #refill(): void {
    const now = this.#now()
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) * this.#perMs)
    this.#at = now
  }

  /** In turn: as many read again as there is room for, one buffer each; who reads too much stands at the end again. */
  #wait(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined
        this.#refill()
        let room = this.#tokens
        for (const transfer of this.#paused) {
          if (room <= 0) break
          room -= PIECE
          this.#paused.delete(transfer)
          transfer.resume()
        }
        if (this.#paused.size > 0) this.#wait()
      },
      Math.max(1, this.waitMs),
    )
  }
}
