import MailComposer from 'nodemailer/lib/mail-composer'
import type { MailText, Sender } from './mail-text.ts'

/** A mail ready to be sent: its envelope, and its text with LF line ends. */
export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly message: Buffer
}

/**
 * Makes the message: MIME, encodings and header folding are nodemailer's. Addresses are handed over apart from names,
 * so that nothing in them is parsed again, and the headers say that no person wrote it (RFC 3834).
 */
export async function composeMail(from: Sender, to: readonly string[], text: MailText, now: number): Promise<Mail> {
  const composer = new MailComposer({
    newline: 'unix',
    from: { name: from.name, address: from.address },
    to: to.map(address => ({ name: '', address })),
    subject: text.subject,
    text: text.body,
    date: new Date(now * 1000),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Mailer': 'fleetutils' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return { from: from.address, to, message: await composer.compile().build() }
}
