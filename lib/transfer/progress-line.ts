import type { Place } from './place.ts'

/** Over so many seconds the speed is taken. */
const WINDOW = 5

/** So wide is the bar, and so long a name at most. */
const CELLS = 10
const NAME_MOST = 20

/** Where the line is shown. */
interface Shown {
  show(text: string): void
}

/** Shows how far the files are, one after another. */
export function showProgress(shown: Shown): (place: Place, bytes: number, size: number | null) => void {
  let now: { readonly of: Place; readonly line: ProgressLine } | undefined
  return (place, bytes, size) => {
    if (now?.of !== place) now = { of: place, line: new ProgressLine(place.name) }
    shown.show(now.line.text(bytes, size, performance.now() / 1000))
  }
}

/** Makes the line that tells how far one file is, with its speed and the time that is left. */
export class ProgressLine {
  readonly #name: string
  #marks: { readonly at: number; readonly bytes: number }[] = []

  constructor(name: string) {
    const plain = name.replaceAll(/\p{Cc}/gu, '?') // it is of the URL, and a terminal obeys some of what may stand there
    this.#name = plain.length > NAME_MOST ? `${plain.slice(0, NAME_MOST - 1)}…` : plain
  }

  /** The line with so many bytes there, at a time in seconds. */
  text(bytes: number, size: number | null, at: number): string {
    const last = this.#marks.at(-1)
    if (last === undefined || at - last.at >= 0.2) this.#marks.push({ at, bytes })
    while (this.#marks.length > 2 && at - (this.#marks[1]?.at ?? at) > WINDOW) this.#marks.shift()
    const from = this.#marks[0]
    const passed = at - (from?.at ?? at)
    const speed = passed > 0 ? (bytes - (from?.bytes ?? 0)) / passed : 0
    const rate = speed > 0 ? `, ${renderBytes(speed)}/s` : ''
    if (size === null) return `${this.#name}: ${renderBytes(bytes)}${rate}`
    const done = size === 0 ? 1 : bytes / size
    const bar = '#'.repeat(Math.floor(done * CELLS)).padEnd(CELLS, '.')
    const left = speed > 0 ? `, ${renderTime((size - bytes) / speed)} left` : ''
    return `${this.#name}: [${bar}] ${Math.floor(done * 100)} %, ${renderBytes(bytes)} of ${renderBytes(size)}${rate}${left}`
  }
}

/** Bytes in three digits or so, in units of 1024: `17 B`, `1.4 KB`, `230 MB`. */
export function renderBytes(bytes: number): string {
  let value = bytes
  let unit = 'B'
  for (const next of ['KB', 'MB', 'GB', 'TB']) {
    if (value < 1000) break
    value /= 1024
    unit = next
  }
  return `${unit === 'B' || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${unit}`
}

/** Seconds as a clock has them: `0:07`, `12:30`, `3:00:00`. */
export function renderTime(seconds: number): string {
  const whole = Math.ceil(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`
}
