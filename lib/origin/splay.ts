import { createHash } from 'node:crypto'

/** Seconds in [0, period) that depend on the name alone: the same every time, spread evenly over many names. */
export function splayOf(name: string, period: number): number {
  return (createHash('sha256').update(name).digest().readUIntBE(0, 6) / 2 ** 48) * period
}
