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
