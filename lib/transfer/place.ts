import { CommandError } from '../errors.ts'

/** Who logs in. */
export interface Login {
  readonly user: string
  readonly password: string
}

/** A URL as this room works with it. */
export interface Place {
  readonly scheme: 'ftp' | 'ftps' | 'http' | 'https' | 'file'
  /** As it was given, without login and fragment: what may be shown. */
  readonly shown: string
  /** The same as a URL. */
  readonly url: URL
  /** Without brackets. */
  readonly host: string
  /** As it stands in the URL; null where there is none. */
  readonly login: Login | null
  /** The last part of its path, decoded; empty where the path ends in a slash. */
  readonly name: string
}

const FORM = 'ftp://, ftps://, http://, https:// or file://'

/** Parses the URL of a file; throws 'usage', without repeating what may be a password. */
export function toPlace(text: string): Place {
  const url = URL.parse(text)
  const scheme = url?.protocol.slice(0, -1)
  if (url === null || !isScheme(scheme))
    throw new CommandError('usage', `'${hideLogin(text)}' is not ${FORM} and a file`)
  url.hash = ''
  const given = url.username === '' ? null : { user: url.username, password: url.password }
  url.username = ''
  url.password = ''
  const shown = url.href
  const wrong = (reason: string) => new CommandError('usage', `'${shown}': ${reason}`)
  if (scheme === 'file' && url.host !== '' && url.host !== 'localhost') throw wrong('a file is on this host')
  const decode = (part: string) => {
    const plain = decodeURIComponent(part)
    if (/[\r\n\0]/.test(plain)) throw wrong('it holds a line end or a zero byte')
    return plain
  }
  try {
    const login = given === null ? null : { user: decode(given.user), password: decode(given.password) }
    const name = decode(url.pathname.split('/').at(-1) ?? '')
    decode(url.pathname)
    return { scheme, shown, url, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), login, name }
  } catch (error) {
    throw error instanceof CommandError ? error : wrong('it is not percent-encoded as it should be')
  }
}

/** What looks like a login in front of an @ is left out. */
export function hideLogin(text: string): string {
  return text.replace(/^([a-z+]*:?\/*)?.*@/is, '$1')
}

function isScheme(word: string | undefined): word is Place['scheme'] {
  return word === 'ftp' || word === 'ftps' || word === 'http' || word === 'https' || word === 'file'
}
