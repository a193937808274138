import type { KnownAlert } from '../model/alert-state.ts'
import { toOneLine } from './alert.ts'
import type { AlertPlan } from './alert-plan.ts'

/** What people read of one mail: one line, and plain text. */
export interface MailText {
  readonly subject: string
  readonly body: string
}

/** Who sends: an address, and the name that is shown with it, or ''. */
export interface Sender {
  readonly name: string
  readonly address: string
}

/** How many alerts a mail tells in full; the rest is counted. */
const TOLD_MOST = 100
const QUIET_MOST = 10
const SUBJECT_CHARS = 150

/** The mail for one run: what came in, the worst first; what is over; what is not repeated yet. Pure. */
export function renderMail(plan: AlertPlan, title: string, nowSeconds: number, every: number): MailText {
  const { due, cleared, quiet, overflow } = plan
  const [worst] = due.length > 0 ? due : cleared
  const count = due.length > 0 ? `${plural(due.length + overflow, 'alert')}: ` : 'all clear: '
  const subject = toOneLine(`${title}: ${count}${worst === undefined ? '' : line(worst)}`, SUBJECT_CHARS)
  const untold = Math.max(0, due.length - TOLD_MOST) + overflow
  const parts = [
    due.slice(0, TOLD_MOST).map(tell).join('\n'),
    untold > 0 ? `And ${plural(untold, 'further alert')}.\n` : '',
    section('All clear, no longer coming in:', cleared, alert => `${line(alert)}\n${history(alert)}`),
    section(`Still coming in, mailed less than ${span(every)} ago:`, quiet, line),
    `${title}, ${utc(nowSeconds)}\n`,
  ]
  return { subject, body: parts.filter(part => part !== '').join('\n') }
}

/** The mail as a person reads it, for a dry run. Pure. */
export function renderPlain(from: Sender, to: readonly string[], { subject, body }: MailText): string {
  const sender = from.name === '' ? from.address : `${from.name} <${from.address}>`
  return `From: ${sender}\nTo: ${to.join(', ')}\nSubject: ${subject}\n\n${body.trimEnd()}`
}

/** An alert as one line, as it would stand on stderr. */
export function line({ command, level, message }: KnownAlert): string {
  return command === null ? message : `${command}: ${level}: ${message}`
}

function tell(alert: KnownAlert): string {
  const place = alert.place === null ? '' : `    at ${alert.place}\n`
  return `${line(alert)}\n${place}${history(alert)}`
}

function history({ first, last, count }: KnownAlert): string {
  return count === 1 ? `    at ${utc(first)}\n` : `    ${count} times since ${utc(first)}, last at ${utc(last)}\n`
}

function section(head: string, alerts: readonly KnownAlert[], render: (alert: KnownAlert) => string): string {
  if (alerts.length === 0) return ''
  const told = alerts.slice(0, QUIET_MOST).map(alert => `  ${render(alert).trimEnd()}\n`)
  const rest = alerts.length - told.length
  return `${head}\n${told.join('')}${rest > 0 ? `  and ${rest} more\n` : ''}`
}

function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function span(seconds: number): string {
  if (seconds % 3600 === 0) return plural(seconds / 3600, 'hour')
  return seconds % 60 === 0 ? plural(seconds / 60, 'minute') : `${seconds} s`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
