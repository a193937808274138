import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { connect } from 'node:net'
import { CommandError, errnoOf, reasonOf } from '../errors.ts'

/** One request and its limits. */
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Seconds from the call to the last byte, whatever moves in between. */
  readonly timeout: number
  /** The largest body that is taken, in bytes. */
  readonly limit: number
  /** https: the certificates that are trusted instead of the system's, PEM. */
  readonly ca?: string | undefined
}

/** An answer. The body is that of a 200, whole as far as HTTP can tell; of any other status it is not read. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * Sends one GET and takes the answer; redirects are not followed. Throws 'unavailable' where no whole answer came in
 * time, 'data' where what came is not HTTP or is larger than the limit. For commands that make one request and end:
 * node:http with its start costs 1.5 of an empty program, `fetch` 5 to 8.
 */
export function httpGet(url: URL, { headers, timeout, limit, ca }: GetOptions): Promise<Reply> {
  // Not `import()`: as a module, a builtin has all its lazy parts loaded, here undici and half of crypto (Node 26).
  const request = url.protocol === 'https:' ? process.getBuiltinModule('node:https').request : requestHttp
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      ...(url.protocol === 'https:' ? { agent: false } : WITHOUT_AGENT),
      headers: { ...headers },
      ...(ca === undefined ? {} : { ca }),
    })
    const end = (deed: () => void) => {
      clearTimeout(timer)
      deed()
      outgoing.destroy()
    }
    const fail = (error: unknown) => end(() => reject(toFault(error)))
    const timer = setTimeout(
      () => fail(new CommandError('unavailable', `no whole answer within ${timeout} seconds`)),
      timeout * 1000,
    )
    outgoing.on('error', fail)
    outgoing.on('response', response => {
      const { statusCode: status = 0, headers } = response
      response.on('error', fail)
      if (status !== 200) end(() => resolve({ status, headers, body: Buffer.alloc(0) }))
      else collect(response, limit, fail, body => end(() => resolve({ status, headers, body })))
    })
    outgoing.end()
  })
}

/** An agent for one request would cost 4 ms of start. */
const WITHOUT_AGENT: RequestOptions = {
  createConnection: ({ host, port }) => connect({ host: host ?? 'localhost', port: Number(port) }),
}

/** Undoes the Content-Encoding of a reply, gzip or none; throws 'data' where it is another, damaged, or too large. */
export function decodeBody({ headers, body }: Reply, limit: number): Buffer {
  const encoding = headers['content-encoding'] ?? 'identity'
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

function collect(
  response: IncomingMessage,
  limit: number,
  fail: (error: unknown) => void,
  done: (body: Buffer) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  if (Number(response.headers['content-length']) > limit) fail(tooLarge(limit))
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) fail(tooLarge(limit))
    else chunks.push(chunk)
  })
  response.on('aborted', () => fail(cutShort(size, response.headers['content-length'])))
  response.on('end', () => done(Buffer.concat(chunks)))
}

function tooLarge(limit: number): CommandError {
  return new CommandError('data', `the answer is larger than ${limit} bytes`)
}

function cutShort(size: number, length: string | undefined): CommandError {
  return new CommandError(
    'unavailable',
    `the connection was closed after ${size} bytes${length === undefined ? '' : ` of ${length}`}`,
  )
}

function toFault(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  const code = errnoOf(error) ?? ''
  if (code.startsWith('HPE_')) return new CommandError('data', `the answer is not HTTP: ${reasonOf(error)}`)
  if (code === 'ECONNRESET') return new CommandError('unavailable', 'the connection was closed without an answer')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new CommandError('unavailable', 'the name does not resolve')
  const [reason = ''] = reasonOf(error).split(';') // Node's advice about its own options is not for operators
  return new CommandError('unavailable', reason, { cause: error })
}
