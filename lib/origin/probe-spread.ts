import { createHash } from 'node:crypto'

/** How far from its place a start is moved, as a part of the window: rounds never hit a relay at the same phase. */
const NOISE = 0.03

/**
 * When a unit starts, in seconds after the round's start: its own place in the first half of the period, the same in
 * every round but for 3 % noise (damping 8.1). `random` gives [0, 1).
 */
export function startOf(key: string, period: number, random: () => number): number {
  const window = period / 2
  const place = createHash('sha1').update(key).digest().readUInt32BE(0) / 2 ** 32
  const moved = place + (random() - 0.5) * NOISE
  return Math.min(Math.max(moved, 0), 1) * window
}
