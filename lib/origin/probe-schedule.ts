/** Work with the moment from which it may start, in milliseconds of the round. */
export interface Due<T> {
  readonly atMs: number
  readonly job: T
}

/** Jobs in the order of their moments: a long sorted list, and the few that were put back into it. */
export class Agenda<T> {
  readonly #sorted: Due<T>[]
  #next = 0
  readonly #again: Due<T>[] = []

  constructor(jobs: readonly Due<T>[]) {
    this.#sorted = jobs.toSorted((a, b) => a.atMs - b.atMs)
  }

  /** Puts a job in. */
  add(due: Due<T>): void {
    const at = this.#again.findIndex(other => other.atMs > due.atMs)
    this.#again.splice(at < 0 ? this.#again.length : at, 0, due)
  }

  /** When the next job may start; undefined: there is none. */
  get nextMs(): number | undefined {
    const one = this.#sorted[this.#next]?.atMs
    const other = this.#again[0]?.atMs
    return one === undefined ? other : other === undefined ? one : Math.min(one, other)
  }

  /** Takes the next job off; a repeat goes before what was planned for the same moment. */
  take(): T | undefined {
    const again = this.#again[0]
    const planned = this.#sorted[this.#next]
    if (again !== undefined && (planned === undefined || again.atMs <= planned.atMs)) return this.#again.shift()?.job
    if (planned !== undefined) this.#next++
    return planned?.job
  }

  /** How many are left. */
  get size(): number {
    return this.#sorted.length - this.#next + this.#again.length
  }
}
