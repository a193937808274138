import { CommandError } from '../errors.ts'

/** Where a file is: the directory to change to, empty where it is that of the login, and the name there. */
export interface FtpPath {
  readonly directory: string
  readonly name: string
}

/**
 * Takes the path of an FTP URL apart (RFC 1738, 3.2.2): it begins at the directory of the login, and `%2F` at its front
 * leads to the root. Throws 'usage' where it names no file, or holds what would end a command.
 */
export function toFtpPath(pathname: string): FtpPath {
  const parts = pathname
    .replace(/^\//, '')
    .replace(/;type=[a-z]$/i, '')
    .split('/')
    .map(decodeURIComponent)
  const name = parts.pop() ?? ''
  if (name === '') throw new CommandError('usage', 'it names no file')
  if (/[\r\n\0]/.test([...parts, name].join('/'))) throw new CommandError('usage', 'it holds a line end or a zero byte')
  return { directory: parts.join('/'), name }
}

/** The size in a reply to SIZE; null where there is none. Throws 'data' where it is no size. */
export function parseSize(reply: string): number | null {
  if (!reply.startsWith('213')) return null
  const match = /^213 \s*(\d{1,15})(?!\d)/m.exec(reply)
  if (match === null) throw new CommandError('data', 'the server told a size that is none')
  return Number(match[1])
}

/** The time in a reply to MDTM, as it stands there; null where there is none. */
export function parseTime(reply: string): string | null {
  return /^213 \s*(\d{14}(?:\.\d{1,9})?)/m.exec(reply)?.[1] ?? null
}
