import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { CommandError, toCommandError } from '../errors.ts'

/** A user and a password. */
export interface Login {
  readonly user: string
  readonly password: string
}

/** An SMTP server, from its URL. */
export interface MailServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (smtps); otherwise STARTTLS where the server offers it. */
  readonly tls: boolean
  readonly login: Login | undefined
}

const FORM = 'smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…'

/** Parses an SMTP URL; throws an Error that does not repeat it, since it may hold a password. */
export function toMailServer(text: string): MailServer {
  const url = URL.parse(text)
  const tls = url?.protocol === 'smtps:'
  if (url === null || !(tls || url.protocol === 'smtp:')) throw new Error(`not of the form ${FORM}`)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (host === '' || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new Error(`not of the form ${FORM}`)
  }
  const port = url.port === '' ? (tls ? 465 : 25) : Number(url.port)
  if (url.username === '') return { host, port, tls, login: undefined }
  try {
    const login = { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    return { host, port, tls, login }
  } catch {
    throw new Error('the user or the password is not percent-encoded as it should be')
  }
}

/** True for a server on this host: what goes there is not seen by others. */
export function isLoopback({ host }: MailServer): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * The login for a host from a file that only its owner can read: `USER:PASSWORD` on its first line, or netrc entries.
 * Throws 'config' where others can read it or it has none for the host; never says what is in it.
 */
export async function readLogin(path: string, host: string): Promise<Login> {
  let text: string
  try {
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0) throw new CommandError('config', `'${path}' can be read by others: chmod 600 it`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw toCommandError(`read '${path}'`, error)
  }
  const login = /^\s*(machine|default)\s/.test(text) ? parseNetrc(text, host) : parseLine(text)
  if (login === undefined) throw new CommandError('config', `'${path}' has no user and password for '${host}'`)
  return login
}

function parseLine(text: string): Login | undefined {
  const match = /^([^:\r\n]+):([^\r\n]+)/.exec(text)
  return match === null ? undefined : { user: match[1] ?? '', password: match[2] ?? '' }
}

/** The entry of the host, else the default one; the words are separated by any white space. */
function parseNetrc(text: string, host: string): Login | undefined {
  const words = text.split(/\s+/).filter(word => word !== '')
  let here = false
  let user: string | undefined
  let password: string | undefined
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (word === 'machine' || word === 'default') {
      if (here && user !== undefined && password !== undefined) break
      here = word === 'default' || words[++i] === host
      user = password = undefined
    } else if (word === 'login' || word === 'password' || word === 'account') {
      const value = words[++i]
      if (here && word === 'login') user = value
      if (here && word === 'password') password = value
    }
  }
  return here && user !== undefined && password !== undefined ? { user, password } : undefined
}
