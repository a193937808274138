import { readFile } from 'node:fs/promises'
import { CommandError, reasonOf, toCommandError } from '../errors.ts'
import type { KnownAlert } from '../model/alert-state.ts'
import { gatherAlerts } from './alert-input.ts'
import { type AlertPlan, planAlerts } from './alert-plan.ts'
import { loadAlertState, saveAlertState } from './alert-store.ts'
import { type MailServer, readLogin } from './mail-server.ts'
import { line, type MailText, renderMail, renderPlain, type Sender } from './mail-text.ts'

/** Which way the mail goes. */
export type MailWay =
  | { readonly sendmail: string }
  | { readonly smtp: MailServer; readonly userFile: string | undefined; readonly caFile: string | undefined }

/** What one run needs to know. Times in seconds. */
export interface MailSettings {
  readonly from: Sender
  readonly to: readonly string[]
  /** What the subject begins with. */
  readonly title: string
  readonly way: MailWay
  readonly state: string
  readonly every: number
  readonly clearAfter: number
  readonly timeout: number
  /** Shows the mail in place of sending it; the state stays as it is. */
  readonly show: ((text: string) => Promise<void> | undefined) | undefined
}

/** Where a run says what it met: bad lines of the input, and warnings. */
export interface MailReport {
  readonly bad: (place: { readonly file: string | undefined; readonly line: number }, reason: string) => void
  readonly warn: (text: string) => void
}

type Inputs = Parameters<typeof gatherAlerts>[0]

/** How many alerts of a mail that could not be sent are told on stderr. */
const UNSENT_MOST = 20

/**
 * Reads all alerts, and mails what is due or over. The state advances only when the mail was taken: what was not sent
 * is due again in the next run, even if it does not come in again. Throws what sending met, after saying the alerts.
 */
export async function mailAlerts(inputs: Inputs, settings: MailSettings, report: MailReport): Promise<void> {
  const gathered = await gatherAlerts(inputs, () => Date.now() / 1000, report.bad)
  const { state: path, every, clearAfter, show } = settings
  const state = await loadAlertState(path, reason => report.warn(`'${path}': ${reason}; starting afresh`))
  const now = Date.now() / 1000
  const plan = planAlerts(state, gathered, { now, every, clearAfter })
  const isMail = plan.due.length + plan.cleared.length > 0
  const text = renderMail(plan, settings.title, now, every)
  if (show !== undefined) {
    if (isMail) await show(renderPlain(settings.from, settings.to, text))
    return
  }
  if (isMail) {
    try {
      await send(text, settings, now, report)
    } catch (error) {
      const unsent = toUnsent(error, plan, report)
      await saveAlertState(path, plan.ifNotSent).catch(reason => report.warn(reasonOf(reason)))
      throw unsent
    }
  }
  const known = Object.keys(state.alerts).length + Object.keys(plan.ifSent.alerts).length
  if (known > 0) await saveAlertState(path, plan.ifSent)
}

/** What costs time to load, nodemailer above all, is loaded here: most runs mail nothing. */
async function send(text: MailText, settings: MailSettings, now: number, report: MailReport): Promise<void> {
  const { composeMail } = await import('./mail-message.ts')
  const { from, to, way, timeout: seconds } = settings
  const mail = await composeMail(from, to, text, now)
  if ('sendmail' in way) {
    const { sendBySendmail } = await import('./mail-sendmail.ts')
    return sendBySendmail(way.sendmail, mail, seconds)
  }
  const { sendBySmtp } = await import('./mail-smtp.ts')
  const server =
    way.userFile === undefined ? way.smtp : { ...way.smtp, login: await readLogin(way.userFile, way.smtp.host) }
  const ca = way.caFile === undefined ? undefined : await readCertificates(way.caFile)
  for (const { address, reason } of await sendBySmtp(server, mail, { seconds, ca })) {
    report.warn(`'${address}' was refused: ${reason}`)
  }
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw toCommandError(`read '${path}'`, error)
  }
}

/** The alerts themselves go to stderr, where cron or the journal keep them, until a mail can be sent. */
function toUnsent(error: unknown, { due, cleared }: AlertPlan, report: MailReport): unknown {
  if (!(error instanceof CommandError)) return error
  for (const alert of due.slice(0, UNSENT_MOST)) report.warn(`not mailed: ${describe(alert)}`)
  const what = due.length > 0 ? `${due.length} ${due.length === 1 ? 'alert' : 'alerts'}` : `${cleared.length} all-clear`
  return new CommandError(error.fault, `unable to mail ${what}, the next run tries again: ${reasonOf(error)}`)
}

function describe(alert: KnownAlert): string {
  return alert.place === null ? line(alert) : `${line(alert)} (${alert.place})`
}
