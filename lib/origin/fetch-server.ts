import { CommandError } from '../errors.ts'
import { decodeBody, httpGet } from '../sys/http.ts'
import type { FetchState } from './fetch-state.ts'

/** A server: its URL, and how it is named in messages, records and the state: without name and password. */
export interface Server {
  readonly url: URL
  readonly shown: string
}

/** The limits of one request; see the options of fetch-anyhost. */
export interface ServerOptions {
  readonly timeout: number
  readonly limit: number
  readonly legacy: boolean
  readonly ca: string | undefined
}

/** What a server said: nothing new, or a file. */
export interface Received {
  /** null: 304, it has what is installed. */
  readonly content: Buffer | null
  readonly etag: string | null
  readonly lastModified: string | null
  /** Bytes of the body as they came. */
  readonly bytes: number
}

/** Asks one server; with `known`, only for another file than that. Throws 'unavailable' or 'data'. */
export async function askServer({ url }: Server, known: FetchState | null, options: ServerOptions): Promise<Received> {
  const reply = await httpGet(url, { ...options, headers: requestHeaders(known) })
  const { status, headers } = reply
  const answered = { etag: headers.get('etag') ?? null, lastModified: headers.get('last-modified') ?? null }
  if (status === 304 && known !== null) {
    return { content: null, etag: known.etag, lastModified: known.lastModified, bytes: 0 }
  }
  if (status !== 200)
    throw new CommandError(status >= 500 ? 'unavailable' : 'data', renderStatus(status, headers.get('location')))
  if (options.legacy && !headers.has('content-length')) {
    throw new CommandError('data', 'there is no Content-Length: whether the file is whole cannot be told')
  }
  const body = decodeBody(reply, options.limit)
  return { content: body, ...answered, bytes: reply.body.length }
}

/** A URL as a server; throws 'usage' where it is none of http or https, or has a login that cannot be sent. */
export function toServer(text: string): Server {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new CommandError('usage', `'${text.replace(/\/\/[^/]*@/, '//***@')}' is no http or https URL`)
  }
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  shown.hash = ''
  if (!isPercentEncoded(`${url.username}:${url.password}`)) {
    throw new CommandError('usage', `'${shown.href}': its user or password is not percent-encoded as it should be`)
  }
  return { url, shown: shown.href }
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function requestHeaders(known: FetchState | null): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Encoding': 'gzip', 'User-Agent': 'fetch-anyhost' }
  if (known?.etag) headers['If-None-Match'] = known.etag
  if (known?.lastModified) headers['If-Modified-Since'] = known.lastModified
  return headers
}

function renderStatus(status: number, location: string | undefined): string {
  const to = location === undefined || status < 300 || status >= 400 ? '' : `, a redirect to '${location}'`
  return `the answer has status ${status}${to}, not 200`
}
