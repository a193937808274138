import { hostname, userInfo } from 'node:os'
import { CommandError, reasonOf } from '../errors.ts'
import type { MailWay } from './mail-alerts.ts'
import { toMailServer } from './mail-server.ts'

/** Who sends unless told otherwise: this user at this host. */
export function defaultSender(): string {
  try {
    return `${userInfo().username}@${hostname()}`
  } catch {
    return `root@${hostname()}` // a user id that has no name
  }
}

/** Sorts the options that say which way the mail goes. Throws 'usage' where they contradict each other. */
export function toWay(smtp?: string, sendmail?: string, userFile?: string, caFile?: string): MailWay {
  if (smtp === undefined) {
    if (userFile !== undefined) throw new CommandError('usage', 'option --user-file is for --smtp')
    if (caFile !== undefined) throw new CommandError('usage', 'option --tls-ca is for --smtp')
    return { sendmail: sendmail ?? '/usr/sbin/sendmail' }
  }
  if (sendmail !== undefined) throw new CommandError('usage', 'either --smtp or --sendmail')
  try {
    return { smtp: toMailServer(smtp), userFile, caFile }
  } catch (error) {
    throw new CommandError('usage', `option --smtp: ${reasonOf(error)}`)
  }
}
