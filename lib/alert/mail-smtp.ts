import type { NodemailerError } from 'nodemailer'
import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection'
import { CommandError, type Fault, reasonOf } from '../errors.ts'
import { toOneLine } from './alert.ts'
import type { Mail } from './mail-message.ts'
import { isLoopback, type MailServer } from './mail-server.ts'

/** An address the server did not take, and what it said, while others were taken. */
export interface RefusedAddress {
  readonly address: string
  readonly reason: string
}

/** How a mail goes by SMTP. */
export interface SmtpOptions {
  /** For the whole of it, in seconds. */
  readonly seconds: number
  /** PEM certificates to be trusted in place of the system's. */
  readonly ca: string | undefined
}

/**
 * Sends a mail by SMTP; returns the addresses that were refused where others were taken. A password goes over TLS only,
 * except to this host itself, and stands in no message. Throws 'unavailable' (not there, cut), 'again' (4xx, time
 * limit), 'permission' (login refused), 'config' (TLS cannot be had or trusted) or 'no' (5xx).
 */
export async function sendBySmtp(
  server: MailServer,
  mail: Mail,
  options: SmtpOptions,
): Promise<readonly RefusedAddress[]> {
  const { host, port, tls, login } = server
  const limit = options.seconds * 1000
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls,
    requireTLS: !tls && login !== undefined && !isLoopback(server),
    ignoreTLS: !tls && login === undefined && options.ca === undefined && isLoopback(server),
    ...(options.ca === undefined ? {} : { tls: { ca: options.ca } }),
    connectionTimeout: limit,
    greetingTimeout: limit,
    socketTimeout: limit,
  })
  try {
    const info = await converse(connection, mail, login, limit)
    return (info.rejectedErrors ?? []).map(error => ({
      address: String(error.recipient),
      reason: describe(error, server),
    }))
  } catch (error) {
    throw new CommandError(faultOf(error), `'${host}:${port}': ${describe(error, server)}`, { cause: error })
  } finally {
    connection.close()
  }
}

/** Greeting, login where there is one, and the mail, within the time limit in milliseconds. */
function converse(connection: SMTPConnection, mail: Mail, login: MailServer['login'], limitMs: number) {
  return new Promise<SMTPConnectionSendInfo>((resolve, reject) => {
    const late = setTimeout(() => reject(Object.assign(new Error('took too long'), { code: 'ETIMEDOUT' })), limitMs)
    const settle = (error: Error | null | undefined, next: () => void) => {
      if (!error) return next()
      clearTimeout(late)
      reject(error)
    }
    const send = () =>
      connection.send({ from: mail.from, to: [...mail.to] }, mail.message, (error, info) =>
        settle(error, () => {
          clearTimeout(late)
          if (info) resolve(info)
        }),
      )
    connection.on('error', error => settle(error, () => {}))
    connection.connect(error =>
      settle(error, () => {
        if (login === undefined) send()
        else connection.login({ user: login.user, pass: login.password }, failed => settle(failed, send))
      }),
    )
  })
}

const FAULTS: Readonly<Record<string, Fault>> = {
  EAUTH: 'permission',
  ENOAUTH: 'permission',
  ETLS: 'config',
  ETIMEDOUT: 'again',
}

function isMailError(error: unknown): error is NodemailerError {
  return error instanceof Error && 'code' in error
}

function faultOf(error: unknown): Fault {
  if (!isMailError(error)) return 'unavailable'
  const code = error.responseCode ?? 0
  if (code >= 400 && code < 500) return 'again'
  const fault = FAULTS[String(error.code)]
  if (fault !== undefined) return fault
  if (isCertificateFault(error)) return 'config'
  return code >= 500 ? 'no' : 'unavailable'
}

/** OpenSSL's verdicts on a certificate reach us as plain socket errors; the cause has its own code. */
function isCertificateFault(error: Error): boolean {
  return /certificate|altnames/i.test(error.message)
}

/** What the server said, else what went wrong here, on one line and without the password in any of its forms. */
function describe(error: unknown, { login }: MailServer): string {
  const line = toOneLine(saidBy(error), 300)
  if (login === undefined) return line
  const { user, password } = login
  const secrets = [password, `\0${user}\0${password}`].flatMap(text => [text, Buffer.from(text).toString('base64')])
  return secrets.reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, '***')), line)
}

/** nodemailer puts its own code in the place of the errno, which is left in the message only. */
function saidBy(error: unknown): string {
  if (!isMailError(error)) return reasonOf(error)
  if (error.code === 'ETIMEDOUT') return 'took too long'
  const errno = /^connect (E[A-Z]+)\b/.exec(error.message)?.[1]
  return error.response ?? reasonOf(errno === undefined ? error : Object.assign(new Error(errno), { code: errno }))
}
