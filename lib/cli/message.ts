import { writeSync } from 'node:fs'

/** How bad a line on stderr is. */
export type Level = 'usage' | 'fatal' | 'warning' | 'info' | 'bug'

let commandName = 'fleetutils'
let quiet = false

/** Names the running command, once, for every later message; `run` calls it. */
export function setCommandName(name: string): void {
  commandName = name
}

/** Silences `info` lines and progress (`-q`). */
export function setQuiet(): void {
  quiet = true
}

/** True when `-q` was given. */
export function isQuiet(): boolean {
  return quiet
}

/**
 * Writes one `NAME: LEVEL: text` line on stderr, at once; a stderr that is closed or full is no error. What servers and
 * files say may stand in the text, so it holds nothing that a terminal obeys.
 */
export function message(level: Level, text: string): void {
  if (quiet && level === 'info') return
  try {
    writeSync(2, `${commandName}: ${level}: ${text.replaceAll(/[\t\n]/g, ' ').replaceAll(/\p{Cc}/gu, '?')}\n`)
  } catch {
    // Nobody is listening: there is no better place to say so.
  }
}
