/** How far from its place a start is moved, as a part of the window: rounds never hit a relay at the same phase. */
const NOISE = 0.03

/**
 * When a unit starts, in seconds after the round's start: its own place in the first half of the period, the same in
 * every round but for 3 % noise (damping 8.1). `random` gives [0, 1).
 */
export function startOf(key: string, period: number, random: () => number): number {
  const window = period / 2
  const place = hashOf(key) / 2 ** 32
  const moved = place + (random() - 0.5) * NOISE
  return Math.min(Math.max(moved, 0), 1) * window
}

/** FNV-1a with a final mix, 32 bits: even is enough here, and node:crypto would cost 10 ms at each start. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
