import { connect, isIP, type Socket } from 'node:net'
import { CommandError, errnoOf, reasonOf } from '../errors.ts'
import { exchange, type Reply, tooLarge } from './http-exchange.ts'

/** One request and its limits. */
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Seconds from the call to the last byte, whatever moves in between. */
  readonly timeout: number
  /** The largest body that is taken, in bytes. */
  readonly limit: number
  /** https: the certificates that are trusted instead of those Node ships with, PEM. */
  readonly ca?: string | undefined
}

/**
 * Sends one GET and takes the answer; redirects are not followed. Throws 'unavailable' where no whole answer came in
 * time, 'data' where what came is not HTTP or is larger than the limit. For commands that make one request and end: a
 * socket and our reader start in 1.4 of an empty program, node:http in 1.6, `fetch` in 5 to 8.
 */
export async function httpGet(url: URL, options: GetOptions): Promise<Reply> {
  const { timeout, limit } = options
  const request = renderRequest(url, options.headers ?? {})
  const socket = open(url, options.ca)
  const late = new CommandError('unavailable', `no whole answer within ${timeout} seconds`)
  const timer = setTimeout(() => socket.destroy(late), timeout * 1000)
  try {
    return await exchange(socket, request, { limit, wants: status => status === 200 })
  } finally {
    clearTimeout(timer)
  }
}

function open(url: URL, ca: string | undefined): Socket {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (url.protocol !== 'https:') return connect({ host, port: Number(url.port || 80) })
  // Not `import()`: as a module, a builtin has all its lazy parts loaded (Node 26).
  const tls = process.getBuiltinModule('node:tls')
  const name = isIP(host) === 0 ? { servername: host } : {}
  return tls.connect({ host, port: Number(url.port || 443), ...name, ...(ca === undefined ? {} : { ca }) })
}

function renderRequest(url: URL, headers: Readonly<Record<string, string>>): string {
  const login = decodeURIComponent(`${url.username}:${url.password}`)
  const all: Record<string, string> = {
    Host: url.host,
    ...(login === ':' ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    ...headers,
    Connection: 'close',
  }
  const lines = Object.entries(all)
    .filter(([, value]) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    .map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** Undoes the Content-Encoding of a reply, gzip or none; throws 'data' where it is another, damaged, or too large. */
export function decodeBody({ headers, body }: Reply, limit: number): Buffer {
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  if (encoding === 'identity') return body
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new CommandError('data', `the Content-Encoding '${encoding}' was not asked for`)
  }
  const { gunzipSync } = process.getBuiltinModule('node:zlib')
  try {
    return gunzipSync(body, { maxOutputLength: limit })
  } catch (error) {
    if (errnoOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new CommandError('data', `the gzip content is damaged: ${reasonOf(error)}`, { cause: error })
  }
}
