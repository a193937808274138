import type { Range } from './source.ts'

/** A part that is there: from the one byte up to and without the other. */
export type Span = readonly [from: number, to: number]

/** The parts of a file that are there, in order, none touching another. */
export class Spans {
  #list: Span[] = []

  constructor(spans: readonly Span[] = []) {
    for (const [from, to] of spans) this.add(from, to)
  }

  /** Adds one part; it may touch or overlap others. */
  add(from: number, to: number): void {
    if (from >= to) return
    const apart = this.#list.filter(span => span[1] < from || span[0] > to)
    const joined = this.#list.filter(span => !(span[1] < from || span[0] > to))
    const whole: Span = [Math.min(from, ...joined.map(span => span[0])), Math.max(to, ...joined.map(span => span[1]))]
    this.#list = [...apart, whole].sort((a, b) => a[0] - b[0])
  }

  get list(): readonly Span[] {
    return this.#list
  }

  /** The byte at this place is there. */
  has(at: number): boolean {
    return this.#list.some(([from, to]) => from <= at && at < to)
  }

  /** How many bytes are there. */
  get bytes(): number {
    return this.#list.reduce((sum, [from, to]) => sum + to - from, 0)
  }

  /** How many bytes are there from the beginning, without a gap. */
  get prefix(): number {
    const first = this.#list[0]
    return first !== undefined && first[0] === 0 ? first[1] : 0
  }
}

/** No connection is opened for fewer bytes than this. */
const PIECE_LEAST = 64 * 1024

/** What is missing of a file of a size, in at least as many pieces as there are connections, where that is worth it. */
export function planPieces(there: Spans, size: number, connections: number): readonly Range[] {
  const gaps: { from: number; to: number }[] = []
  let at = 0
  for (const [from, to] of there.list) {
    if (from > at) gaps.push({ from: at, to: from })
    at = to
  }
  if (at < size) gaps.push({ from: at, to: size })
  const missing = gaps.reduce((sum, { from, to }) => sum + to - from, 0)
  const piece = Math.max(PIECE_LEAST, Math.ceil(missing / connections))
  return gaps.flatMap(({ from, to }) => {
    const count = Math.max(1, Math.round((to - from) / piece))
    const each = Math.ceil((to - from) / count)
    return Array.from({ length: count }, (_, i) => ({ from: from + i * each, to: Math.min(to, from + (i + 1) * each) }))
  })
}
