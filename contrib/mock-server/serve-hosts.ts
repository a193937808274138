import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { gunzipSync, gzipSync } from 'node:zlib'
import { CommandError } from '../../lib/errors.ts'
import type { toFault } from './faults.ts'
import { type Fields, type Hosts, refusal, toFields } from './hosts.ts'

/** How the mock server serves. */
export interface ServeSettings {
  readonly host: string
  readonly port: number
  readonly tls: string | undefined
  readonly gzip: boolean
  readonly faults: readonly ReturnType<typeof toFault>[]
  /** From 0 to 1. */
  readonly share: number
  readonly first: number
  readonly seed: number
  readonly log: (record: object) => void
  readonly say: (text: string) => void
}

/** The largest request that is taken, in bytes. */
const REQUEST_MOST = 64 * 1024

/** Serves until the signal. Throws where it cannot listen. */
export async function serveHosts(hosts: Hosts, settings: ServeSettings, signal: AbortSignal): Promise<void> {
  const nextFault = faultsOf(settings)
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    void handle(hosts, settings, nextFault, request, response).catch(() => response.destroy())
  }
  const server = makeServer(settings.tls, listener)
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.on('tlsClientError', error => settings.say(`no TLS: ${error.message}`))
    server.listen(settings.port, settings.host, () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : settings.port
      settings.say(`listening on ${settings.host}:${port}`)
    })
    signal.addEventListener('abort', () => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  })
}

async function handle(
  hosts: Hosts,
  { gzip, log }: ServeSettings,
  nextFault: () => ServeSettings['faults'][number] | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (gzip) response.setHeader('Accept-Encoding', 'gzip')
  const verb = /^\/api\/v1\/agent\/(register|status)$/.exec(request.url ?? '')?.[1]
  if (request.method !== 'POST' || (verb !== 'register' && verb !== 'status')) {
    return answer(request, response, 404, refusal(`there is no ${request.method} ${request.url}`), false)
  }
  const zipped = request.headers['content-encoding'] === 'gzip'
  const raw = await readBody(request)
  if (raw === null) return answer(request, response, 413, refusal(`more than ${REQUEST_MOST} bytes`), false)
  if (zipped && !gzip) return answer(request, response, 415, refusal('gzip is not taken'), false)
  const body = toFields(unzipped(raw, zipped))
  const fault = nextFault()
  const from = request.socket.remoteAddress ?? null
  log({ type: verb, from, gzip: zipped, fault: fault?.name ?? null, body })
  if (body === null) return answer(request, response, 400, refusal('unmarshal body failed'), gzip)
  if (fault === undefined) return answer(request, response, 200, hosts.answer(verb, body, true), gzip)
  fault.answer(response, JSON.stringify(hosts.answer(verb, body, false)))
}

function answer(request: IncomingMessage, response: ServerResponse, status: number, body: Fields, gzip: boolean): void {
  const text = `${JSON.stringify(body)}\n`
  const isZipped = gzip && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const content = isZipped ? gzipSync(text) : Buffer.from(text)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Length': content.length,
    Connection: 'close',
  })
  response.end(content)
}

/** The text of a body; empty: it is no gzip, or too large. */
function unzipped(raw: Buffer, zipped: boolean): string {
  try {
    return (zipped ? gunzipSync(raw, { maxOutputLength: REQUEST_MOST }) : raw).toString()
  } catch {
    return ''
  }
}

/** The whole body of a request; null: it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.length
    if (size <= REQUEST_MOST) pieces.push(piece)
  }
  return size > REQUEST_MOST ? null : Buffer.concat(pieces)
}

function makeServer(
  tls: string | undefined,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  if (tls === undefined) return createServer(listener)
  const [cert, key, ca] = tls.split(',')
  if (cert === undefined || key === undefined) throw new CommandError('usage', '--tls needs CERT,KEY or CERT,KEY,CA')
  const client = ca === undefined ? {} : { ca: readFileSync(ca), requestCert: true, rejectUnauthorized: true }
  return createTlsServer({ cert: readFileSync(cert), key: readFileSync(key), ...client }, listener)
}

/** Which fault the next request meets: of the first ones, a share, at random but the same in each run. */
function faultsOf({ faults, share, first, seed }: ServeSettings): () => ServeSettings['faults'][number] | undefined {
  let state = seed
  let requests = 0
  let faulty = 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const isFaulty = requests++ < first && state / 2 ** 32 < share
    return isFaulty ? faults[faulty++ % faults.length] : undefined
  }
}
