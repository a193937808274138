import type { Target } from '../model/target.ts'

/** What a round does with a target; `none`: the earlier measurement is used again, whatever column 3 says. */
export type Way = NonNullable<Target['way']>

/** What the schedule depends on. */
export type Scheduled = Pick<Target, 'scheme' | 'tcp_interval' | 'http_interval'>

/**
 * What to do now by columns 20 and 21 (formats 2.6). `minutes` is whole minutes since the epoch at the round's start.
 * A record without these columns (null) is probed in full every round; both written as 0 means never.
 */
export function wayOf({ scheme, tcp_interval: tcp, http_interval: http }: Scheduled, minutes: number): Way {
  const full = scheme === 'https' ? 'HTTPS' : 'HTTP'
  if (http === null && tcp === null) return full
  if (isDue(http, minutes)) return full
  return isDue(tcp, minutes) ? 'TCP' : 'none'
}

function isDue(interval: number | null, minutes: number): boolean {
  return interval !== null && interval > 0 && minutes % interval === 0
}
