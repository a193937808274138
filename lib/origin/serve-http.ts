import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { errnoOf } from '../errors.ts'
import type { HttpRequest } from '../model/request.ts'
import { type Answer, answerMethod } from './serve-answer.ts'
import type { AccessLog } from './serve-log.ts'
import type { Counters } from './serve-status.ts'

/** What the HTTP side needs to know: its limits (times in seconds), its books, and who answers a path. */
export interface HttpOptions {
  readonly connections: number
  readonly timeout: number
  readonly log: AccessLog | undefined
  readonly counters: Counters
  readonly answerPath: (path: string, headers: IncomingMessage['headers']) => Answer
}

/** The HTTP side of serve-anyhost. */
export interface HttpSide {
  readonly server: Server
  /** Cuts answers that have been under way for longer than `seconds`. */
  cutOlderThan(seconds: number): void
  /** Accepts no more; resolves when the requests under way are answered, or cut after `seconds`. */
  stop(seconds: number): Promise<void>
}

/** The longest head of a request, in bytes. */
const HEAD_MOST = 8 * 1024

/** Makes the server: GET and HEAD, keep-alive, a bound on connections, heads and times; every answer is counted. */
export function createHttpSide({ connections, timeout, log, counters, answerPath }: HttpOptions): HttpSide {
  const underWay = new Map<ServerResponse, number>()
  const sockets = new Map<Socket, number>() // and how many answers each has under way
  let stopping = false
  const change = (socket: Socket, by: 1 | -1) => {
    const left = (sockets.get(socket) ?? 0) + by
    if (sockets.has(socket)) sockets.set(socket, left)
    if (stopping && left === 0) socket.destroy()
  }
  const book = (entry: Omit<HttpRequest, 'type' | 'time'>) => {
    counters.answers.set(entry.status, (counters.answers.get(entry.status) ?? 0) + 1)
    counters.bytes += entry.bytes
    counters.seconds += entry.seconds
    log?.write({ type: 'request', time: new Date().toISOString(), ...entry })
  }
  const limitMs = timeout * 1000
  const server = createServer(
    {
      maxHeaderSize: HEAD_MOST,
      headersTimeout: limitMs,
      requestTimeout: limitMs,
      keepAliveTimeout: limitMs,
      connectionsCheckingInterval: Math.min(limitMs / 2, 1000),
      noDelay: true,
    },
    (request, response) => {
      const from = performance.now()
      const client = clientOf(request.socket)
      const method = request.method ?? ''
      const path = request.url ?? ''
      const answer =
        method === 'GET' || method === 'HEAD'
          ? answerPath(path.split('?', 1)[0] ?? '', request.headers)
          : answerMethod()
      const { status, body } = answer
      underWay.set(response, from)
      change(request.socket, 1)
      response.on('close', () => {
        underWay.delete(response)
        change(request.socket, -1)
        const bytes = method === 'HEAD' ? 0 : (body?.length ?? 0)
        const seconds = Math.round((performance.now() - from) * 1000) / 1e6
        book({ client, method, path, status, bytes, seconds, complete: response.writableFinished })
      })
      if (stopping) response.shouldKeepAlive = false
      response.writeHead(status, [...answer.headers]).end(body)
    },
  )
  server.maxConnections = connections
  server.timeout = limitMs // nothing moves: neither a head comes nor an answer goes
  server.on('drop', () => counters.refusedConnections++)
  server.on('connection', socket => {
    counters.connections = sockets.set(socket, 0).size
    socket.on('close', () => {
      sockets.delete(socket)
      counters.connections = sockets.size
    })
  })
  server.on('clientError', (error, socket) => {
    const status = refuseRequest(error, socket as Socket)
    if (status === undefined) return
    book({ client: clientOf(socket as Socket), method: null, path: null, status, bytes: 0, seconds: 0, complete: true })
  })
  return {
    server,
    cutOlderThan(seconds) {
      const oldest = performance.now() - seconds * 1000
      for (const [response, from] of underWay) if (from < oldest) response.destroy()
    },
    async stop(seconds) {
      stopping = true
      // Not the HTTP server's own close: to it, a connection is idle as soon as its answer is handed to the kernel in
      // part (Node 26), and it cuts slow readers off.
      const closed = new Promise<void>(resolve => NetServer.prototype.close.call(server, () => resolve()))
      for (const [socket, answers] of sockets) if (answers === 0) socket.destroy()
      const timer = setTimeout(() => server.closeAllConnections(), seconds * 1000)
      await closed
      clearTimeout(timer)
    },
  }
}

/** Answers what is no request: too long a head, none in time, not HTTP. Undefined: there is nobody to tell. */
function refuseRequest(error: Error, socket: Socket): number | undefined {
  const code = errnoOf(error)
  if (!socket.writable || code === 'ECONNRESET' || code === 'EPIPE') {
    socket.destroy()
    return undefined
  }
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  socket.end(`HTTP/1.1 ${REFUSALS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  socket.destroySoon()
  return status
}

const REFUSALS = {
  400: '400 Bad Request',
  408: '408 Request Timeout',
  431: '431 Request Header Fields Too Large',
} as const

function clientOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress
}
