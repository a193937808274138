import type { ErrorRecord } from '../model/error-record.ts'

/** One alert that came in. */
export interface Alert {
  /** What makes it the same alert as another. */
  readonly key: string
  readonly level: 'warning' | 'fatal'
  /** Who met it; null for a line of text that names nobody. */
  readonly command: string | null
  readonly message: string
  /** FILE:LINE, where it is about one. */
  readonly place: string | null
  /** When, in seconds since the epoch. */
  readonly time: number
}

const KEY_CHARS = 300
const MESSAGE_CHARS = 1000

/** An `error` record as an alert; `now` stands in for a time that cannot be read. Pure. */
export function recordToAlert(record: ErrorRecord, now: number): Alert {
  const { level, command, message, file, line } = record
  const time = Date.parse(record.time) / 1000
  const place = file == null ? (line == null ? null : `line ${line}`) : `${file}${line == null ? '' : `:${line}`}`
  return toAlert({ level, command, message, place, time: Number.isFinite(time) ? time : now }, record.key)
}

/**
 * A line of a command's stderr (`NAME: fatal: …`) as an alert; any other text is a warning of nobody in particular.
 * Undefined for `info` lines and blank ones. Pure.
 */
export function textToAlert(text: string, now: number): Alert | undefined {
  if (text.trim() === '') return undefined
  const match = /^([A-Za-z0-9][\w.+-]{0,63}): (usage|fatal|warning|info|bug): (.*)$/s.exec(text)
  if (match === null) return toAlert({ level: 'warning', command: null, message: text, place: null, time: now })
  const [, command = '', word, message = ''] = match
  if (word === 'info') return undefined
  return toAlert({ level: word === 'warning' ? 'warning' : 'fatal', command, message, place: null, time: now })
}

/** Text from outside made fit for one line of a mail: no control character, no line end, no half character. */
export function toOneLine(text: string, most: number): string {
  const line = text
    .slice(0, most * 2)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .toWellFormed()
    .trim()
  return line.length <= most ? line : `${line.slice(0, most - 3).toWellFormed()}...`
}

/** Without a key it is the same alert when command and message are, whatever numbers stand in it. */
function toAlert(alert: Omit<Alert, 'key'>, key?: string): Alert {
  const message = toOneLine(alert.message, MESSAGE_CHARS)
  const command = alert.command === null ? null : toOneLine(alert.command, 100)
  const place = alert.place === null ? null : toOneLine(alert.place, MESSAGE_CHARS)
  const same = key ?? `${command ?? ''}: ${message.replace(/\d+/g, '#')}`
  return { ...alert, command, message, place, key: toOneLine(same, KEY_CHARS) }
}
