/** How late the event loop may be before what was measured meanwhile is suspect (damping 8.1), in milliseconds. */
export const LAG_MOST_MS = 20

const TICK_MS = 10

/** Watches how late this process's own timers come. */
export interface LagWatch {
  /** True when the loop was late at any moment since `sinceMs` (of performance.now). */
  readonly wasLate: (sinceMs: number) => boolean
  readonly close: () => void
}

/** Starts the watch: a timer every 10 ms that looks at the clock. */
export function watchLag(): LagWatch {
  let tickedAt = performance.now()
  let lateAt = Number.NEGATIVE_INFINITY
  const timer = setInterval(() => {
    const now = performance.now()
    if (now - tickedAt > TICK_MS + LAG_MOST_MS) lateAt = now
    tickedAt = now
  }, TICK_MS)
  timer.unref()
  return {
    wasLate: sinceMs => lateAt >= sinceMs || performance.now() - tickedAt > TICK_MS + LAG_MOST_MS,
    close: () => clearInterval(timer),
  }
}
