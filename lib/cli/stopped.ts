/**
 * Runs a daemon's body until it ends or TERM or INT comes; the body gets an AbortSignal, finishes what is under way
 * and returns. A second signal ends the process at once. Filters install no signal handler at all.
 */
export async function runUntilStopped(body: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController()
  const stop = () => controller.abort()
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  try {
    await body(controller.signal)
  } finally {
    process.off('SIGTERM', stop)
    process.off('SIGINT', stop)
  }
}
