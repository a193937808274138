import { createHash } from 'node:crypto'

/** Seconds in [0, period) that depend on the name alone: the same every time, spread evenly over many names. */
export function splayOf(name: string, period: number): number {
  return (createHash('sha256').update(name).digest().readUIntBE(0, 6) / 2 ** 48) * period
}

/** A timer may fire so much early, in seconds: that is no new period. */
const EARLY = 0.01

/** Seconds from `now` until the clock next shows a multiple of `period` plus `splay`; a `period` of 0 is always due. */
export function untilAligned(now: number, period: number, splay: number): number {
  if (period === 0) return 0
  const passed = (((now - splay) % period) + period) % period
  return period - passed < EARLY ? 2 * period - passed : period - passed
}
