import { isQuiet } from './message.ts'

/** A line on the terminal that is drawn over itself; silent where stderr is no terminal or with `-q`. */
export interface Progress {
  show(text: string): void
  close(): void
}

/** Opens the progress line; drawn at most ten times a second, the last text in any case; cleared by `close`. */
export function openProgress(quiet = false): Progress {
  if (!process.stderr.isTTY || quiet || isQuiet()) return { show() {}, close() {} }
  let latest: string | undefined
  let resting: NodeJS.Timeout | undefined
  const draw = () => {
    resting = undefined
    if (latest === undefined) return
    process.stderr.write(`\r\x1b[K${latest.slice(0, (process.stderr.columns || 80) - 1)}`)
    latest = undefined
    resting = setTimeout(draw, 100).unref()
  }
  let drawn = false
  return {
    show(text) {
      latest = text
      drawn = true
      if (resting === undefined) draw()
    },
    close() {
      clearTimeout(resting)
      if (drawn) process.stderr.write('\r\x1b[K')
    },
  }
}
