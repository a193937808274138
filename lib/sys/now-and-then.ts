/**
 * Says what may happen thousands of times at most once in so many seconds, with how often it has happened since it was
 * last said. There is no timer behind it: what was not said yet is said with the next time.
 */
export function nowAndThen(
  say: (times: number) => void,
  seconds = 60,
  clock: () => number = process.uptime,
): () => void {
  let times = 0
  let saidAt = Number.NEGATIVE_INFINITY
  return () => {
    times++
    const now = clock()
    if (now - saidAt < seconds) return
    saidAt = now
    const count = times
    times = 0
    say(count)
  }
}
