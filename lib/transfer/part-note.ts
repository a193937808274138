import { type Span, Spans } from './ranges.ts'

/** What stands beside a file that is not whole yet: of which file it is, and what of it is there. */
export interface PartNote {
  readonly url: string
  readonly size: number
  /** What the server says of it besides: an entity tag or a time. */
  readonly stamp: string
  readonly spans: readonly Span[]
}

/** Renders a note as text. */
export function renderNote(note: PartNote): string {
  return `${JSON.stringify(note)}\n`
}

/** Parses a note; null where it is none, or says what cannot be: then nothing is resumed. */
export function parseNote(text: string): PartNote | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  if (!('url' in value && 'size' in value && 'stamp' in value && 'spans' in value)) return null
  const { url, size, stamp, spans } = value
  if (typeof url !== 'string' || typeof stamp !== 'string' || !isPlace(size) || !Array.isArray(spans)) return null
  const list: readonly unknown[] = spans
  const checked = list.filter((span): span is Span => isSpan(span, size))
  return checked.length === list.length ? { url, size, stamp, spans: new Spans(checked).list } : null
}

function isSpan(value: unknown, size: number): value is Span {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [from, to]: readonly unknown[] = value
  return isPlace(from) && isPlace(to) && from < to && to <= size
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
