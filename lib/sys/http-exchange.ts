import type { Socket } from 'node:net'
import { CommandError, errnoOf, reasonOf } from '../errors.ts'
import { ResponseReader } from './http-response.ts'

/** An answer. The body is whole as far as HTTP can tell; of a status that is not wanted it is not read. */
export interface Reply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** What of an answer is taken. */
export interface ExchangeOptions {
  /** The largest body that is taken, in bytes. */
  readonly limit: number
  /** Of which statuses the body is read. */
  readonly wants: (status: number) => boolean
  /** Told when the request has left. */
  readonly sent?: () => void
}

/**
 * Writes one request to a socket, connected or not yet, takes the answer and destroys the socket. It has no time limit:
 * `socket.destroy(error)` ends it with that error. Throws 'unavailable' where no whole answer came, 'data' where what came is
 * not HTTP or is larger than the limit.
 */
export function exchange(socket: Socket, request: string | Buffer, options: ExchangeOptions): Promise<Reply> {
  const { limit, wants, sent } = options
  return new Promise((resolve, reject) => {
    const kept = { headers: new Map<string, string>(), body: [] }
    const reader = new ResponseReader(limit + 1, 'GET', kept)
    const succeed = () => {
      socket.destroy()
      resolve({ status: Number(reader.code), headers: kept.headers, body: Buffer.concat(kept.body) })
    }
    const fail = (error: unknown) => {
      socket.destroy()
      reject(toFault(error))
    }
    socket.on('error', fail)
    socket.on('data', (piece: Buffer) => {
      const verdict = reader.feed(piece, piece.length)
      const tooLong = reader.headed && Number(kept.headers.get('content-length')) > limit
      if (verdict === 'bad') fail(new CommandError('data', `the answer is not HTTP: ${reader.fault}`))
      else if (reader.headed && !wants(Number(reader.code))) succeed()
      else if (tooLong || reader.bytes > limit) fail(tooLarge(limit))
      else if (verdict === 'done') succeed()
    })
    socket.on('end', () => {
      const ended = reader.end()
      if (ended === 'whole') succeed()
      else fail(cutShort(reader, kept.headers.get('content-length')))
    })
    socket.write(request, () => sent?.())
  })
}

/** The fault of an answer that is larger than it may be. */
export function tooLarge(limit: number): CommandError {
  return new CommandError('data', `the answer is larger than ${limit} bytes`)
}

function cutShort({ headed, bytes }: ResponseReader, length: string | undefined): CommandError {
  const how = headed ? `after ${bytes} bytes${length === undefined ? '' : ` of ${length}`}` : 'without an answer'
  return new CommandError('unavailable', `the connection was closed ${how}`)
}

/** A failed connection as a fault: 'unavailable', in an operator's words. */
export function toFault(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  const known = FAULTS[errnoOf(error) ?? '']
  if (known !== undefined) return new CommandError('unavailable', known, { cause: error })
  // What OpenSSL says is in its `reason`; Node's advice about its own options is not for operators.
  const told = error instanceof Error && 'reason' in error ? String(error.reason) : reasonOf(error)
  const [reason = ''] = told.split(';')
  return new CommandError('unavailable', reason, { cause: error })
}

const FAULTS: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was closed without an answer',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
}
