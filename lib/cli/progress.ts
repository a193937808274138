import { isQuiet } from './message.ts'

/** A line on the terminal that is drawn over itself; silent where stderr is no terminal or with `-q`. */
export interface Progress {
  show(text: string): void
  close(): void
}

/** Opens the progress line; drawn at most ten times a second, cleared by `close`. */
export function openProgress(): Progress {
  if (!process.stderr.isTTY || isQuiet()) return { show() {}, close() {} }
  let drawnAt = 0
  return {
    show(text) {
      const now = Date.now()
      if (now - drawnAt < 100) return
      drawnAt = now
      process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns || 80) - 1)}`)
    },
    close() {
      if (drawnAt > 0) process.stderr.write('\r\x1b[K')
    },
  }
}
