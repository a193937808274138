/** Where the time comes from: passed in wherever a decision depends on it, so that tests need no waiting. */
export interface Clock {
  /** Seconds since the epoch, as a float. */
  readonly now: () => number
  /** Sleeps so many seconds; an aborted signal ends it early, without an error. */
  readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void>
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  sleep: (seconds, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, seconds * 1000)
      signal?.addEventListener('abort', done)
    }),
}

/**
 * Seconds since the epoch as they were when the program began, plus the time since: what a deadline is reckoned by where
 * a step of the clock must not move it.
 */
export function steadyNow(): number {
  return BEGAN + performance.now() / 1000
}

/** A steady time as the clock on the wall has it now, in seconds since the epoch. */
export function toWallTime(steady: number): number {
  return Date.now() / 1000 + steady - steadyNow()
}

/** A time of the clock on the wall as a steady one. */
export function toSteadyTime(wall: number): number {
  return wall - Date.now() / 1000 + steadyNow()
}

const BEGAN = performance.timeOrigin / 1000
