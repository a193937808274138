import { CommandError } from '../errors.ts'
import type { Reply, Snapshot } from '../model/report.ts'
import { renderServer, type Server } from '../model/server-list.ts'
import { decodeBody } from '../sys/http.ts'
import { openConnection, type Peer, post } from '../sys/http-post.ts'
import type { TlsTrust } from '../sys/tls.ts'
import { type Answered, parseAnswered, parseRegistered } from './answer.ts'
import { fitStatus } from './fit.ts'
import { renderRegister } from './wire.ts'

/** The limits of a report: seconds for each step (connecting, sending, the answer), bytes of a request and of an answer. */
export interface AskLimits {
  readonly timeout: number
  readonly request: number
  readonly answer: number
}

/** How a server is asked. */
export interface AskOptions extends AskLimits {
  readonly trust: TlsTrust | null
  /** Says what was left out or not taken. */
  readonly warn: (text: string) => void
  readonly now: () => number
}

/** What came of a report. */
export interface Reported {
  readonly reply: Reply
  readonly tasks: Answered['tasks']
}

/** The part of `request` bytes that the request line and the headers get. */
const HEAD_MOST = 1024
/** A body below this is not worth compressing, in bytes. */
const GZIP_LEAST = 512

/**
 * Reports to one server: registers first where the snapshot is not registered yet (B52), then sends the status (B53), each on
 * a connection of its own. Throws 'unavailable' or 'data' where that failed.
 */
export async function askServer(server: Server, snapshot: Snapshot, options: AskOptions): Promise<Reported> {
  const from = process.uptime()
  const peer = { ...server, trust: options.trust }
  const name = renderServer(server)
  let { agentsn } = snapshot
  let tags: string | null = null
  let gzip = snapshot.gzip === name
  if (!snapshot.registered) {
    const registration = await send(peer, 'register', options, false, ipaddr =>
      renderRegister({ hostname: snapshot.hostname, ipaddr, agentsn: snapshot.agentsn }),
    )
    const registered = parseRegistered(registration.body)
    for (const fault of registered.faults) options.warn(fault)
    agentsn = registered.agentsn ?? agentsn
    tags = registered.tags
    gzip = registration.gzip
  }
  const fitted = fitStatus(snapshot, agentsn, Math.floor(options.now()), options.request - HEAD_MOST)
  const answer = await send(peer, 'status', options, gzip, () => fitted.body)
  const { status, message, tasks, offered, faults } = parseAnswered(answer.body)
  for (const fault of [...fitted.faults, ...faults]) options.warn(fault)
  const seconds = Math.round((process.uptime() - from) * 1000) / 1000
  const delivered = { events: fitted.events, tasks: [...fitted.tasks] }
  const about = { offered, gzip: answer.gzip, seconds }
  const { run = null } = snapshot
  return { reply: { type: 'reply', server: name, agentsn, run, tags, status, message, ...delivered, ...about }, tasks }
}

/** What a server answered, and whether it takes gzip (RFC 9110, 12.5.3: Accept-Encoding in an answer). */
interface Answer {
  readonly body: string
  readonly gzip: boolean
}

async function send(
  peer: Peer,
  verb: 'register' | 'status',
  options: AskOptions,
  gzip: boolean,
  render: (ipaddr: string) => string,
): Promise<Answer> {
  const socket = await openConnection(peer, options.timeout)
  const body = Buffer.from(render(socket.localAddress ?? ''))
  const zip = gzip && body.length >= GZIP_LEAST
  const { gzipSync } = zip ? process.getBuiltinModule('node:zlib') : { gzipSync: undefined }
  const headers = {
    'User-Agent': 'agent-report',
    Accept: 'application/json',
    'Accept-Encoding': 'gzip',
    'Content-Type': 'application/json',
    ...(zip ? { 'Content-Encoding': 'gzip' } : {}),
  }
  const request = { path: `/api/v1/agent/${verb}`, headers, body: gzipSync?.(body) ?? body }
  const reply = await post(socket, peer, request, { timeout: options.timeout, limit: options.answer })
  if (zip && reply.status === 415) return send(peer, verb, options, false, render) // it no longer does (RFC 7694)
  if (reply.status < 200 || reply.status > 299) {
    throw new CommandError('unavailable', renderStatus(reply.status, reply.headers.get('location')))
  }
  const accepted = reply.headers.get('accept-encoding')?.toLowerCase() ?? ''
  const takesGzip = /(?:^|[,\s])(?:x-)?gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(accepted)
  return { body: decodeBody(reply, options.answer).toString(), gzip: takesGzip }
}

function renderStatus(status: number, location: string | undefined): string {
  const to = location === undefined ? '' : `, a redirect to '${location.slice(0, 200)}', which is not followed`
  return `the answer has HTTP status ${status}${to}`
}
