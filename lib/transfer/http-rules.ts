import { CommandError } from '../errors.ts'

/** Which part of a file an answer holds. */
export interface ContentRange {
  readonly from: number
  /** Of the whole file; null where the server does not know it. */
  readonly size: number | null
}

/** Parses a Content-Range (RFC 9110, 14.4); undefined where it is none of bytes. */
export function parseContentRange(text: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text ?? '')
  if (match === null || Number(match[1]) > Number(match[2])) return undefined
  const size = match[3] === '*' ? null : Number(match[3])
  return size !== null && Number(match[2]) >= size ? undefined : { from: Number(match[1]), size }
}

/** Where a redirect leads to. Throws 'data' where that may not be followed: out of HTTP, or from https to http. */
export function redirect(from: URL, location: string | undefined): URL {
  const url = location === undefined ? null : URL.parse(location, from)
  if (url === null) throw new CommandError('data', 'a redirect to nowhere')
  url.username = ''
  url.password = ''
  url.hash = ''
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && from.protocol === 'http:')) {
    const scheme = (text: string) => text.slice(0, -1)
    throw new CommandError(
      'data',
      `a redirect from ${scheme(from.protocol)} to ${scheme(url.protocol)} is not followed`,
    )
  }
  return url
}
