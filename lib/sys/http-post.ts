import { connect, isIPv4, type Socket } from 'node:net'
import { CommandError } from '../errors.ts'
import { exchange, type Reply, toFault } from './http-exchange.ts'
import type { TlsTrust } from './tls.ts'

/** Who is spoken to. */
export interface Peer {
  readonly host: string
  readonly port: number
  /** How it is spoken to by TLS; null: in plain. */
  readonly trust: TlsTrust | null
}

/** What is posted. */
export interface Post {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The limits of one post: seconds for each of sending and the answer, bytes of the answer's body. */
export interface PostLimits {
  readonly timeout: number
  readonly limit: number
}

/**
 * Connects within `timeout` seconds, in which the name is resolved, its addresses are tried in turn, each with its share of
 * what is left, and TLS is agreed on. Throws 'unavailable'.
 */
export async function openConnection({ host, port, trust }: Peer, timeout: number): Promise<Socket> {
  const until = process.uptime() + timeout
  const isAddress = isIPv4(host) || host.includes(':')
  const addresses = isAddress ? [host] : await (await import('./resolve.ts')).resolveName(host, timeout)
  let failed: unknown
  for (const [at, address] of addresses.entries()) {
    const share = (until - process.uptime()) / (addresses.length - at)
    try {
      const socket = await settled(connect({ host: address, port }), 'connect', share, timeout)
      if (trust === null) return socket
      const { startTls } = await import('./tls.ts')
      return await startTls(socket, host, trust, secured => settled(secured, 'secureConnect', share, timeout))
    } catch (error) {
      failed = error
    }
  }
  throw failed
}

/** Posts over a connection, which is closed by it (B54). Throws 'unavailable' or 'data'; redirects are not followed. */
export async function post(
  socket: Socket,
  peer: Peer,
  { path, headers, body }: Post,
  limits: PostLimits,
): Promise<Reply> {
  const { timeout, limit } = limits
  const lines = Object.entries({ ...headers, 'Content-Length': body.length, Connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const start = `POST ${path} HTTP/1.1\r\nHost: ${renderHost(peer)}\r\n${head}\r\n`
  const late = (what: string) => new CommandError('unavailable', `${what} within ${timeout} seconds`)
  let timer = setTimeout(() => socket.destroy(late('the request was not taken')), timeout * 1000)
  const sent = () => {
    clearTimeout(timer)
    timer = setTimeout(() => socket.destroy(late('no whole answer')), timeout * 1000)
  }
  try {
    const wants = (status: number) => status >= 200 && status < 300
    return await exchange(socket, Buffer.concat([Buffer.from(start), body]), { limit, wants, sent })
  } finally {
    clearTimeout(timer)
  }
}

/** Waits until a socket is connected. */
function settled<S extends Socket>(socket: S, event: string, seconds: number, timeout: number): Promise<S> {
  return new Promise((resolve, reject) => {
    const late = new CommandError('unavailable', `no connection within ${timeout} seconds`)
    const timer = setTimeout(() => socket.destroy(late), seconds * 1000)
    socket.once('error', error => {
      clearTimeout(timer)
      reject(toFault(error))
    })
    socket.once(event, () => {
      clearTimeout(timer)
      resolve(socket)
    })
  })
}

function renderHost({ host, port }: Peer): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
