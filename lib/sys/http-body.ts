import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import type { Writable } from 'node:stream'
import type { Dispatcher } from 'undici'
import Client from 'undici/lib/dispatcher/client.js'
import { CommandError, errnoOf, reasonOf } from '../errors.ts'
import { CLOSED, connectReasonOf } from './connect-reason.ts'

/** One request and its limits. */
export interface ExchangeOptions {
  readonly headers: Readonly<Record<string, string>>
  /** Where the host of the URL is, as `resolveName` tells. */
  readonly addresses: readonly string[]
  /** Seconds: of the connection, and of silence afterwards while we could take something. */
  readonly timeout: number
  /** https: the certificates that are trusted instead of those Node ships with, PEM. */
  readonly ca?: string | undefined
}

/** An answer whose body waits to be taken. */
export interface Exchange {
  readonly status: number
  /** Names in lower case; the first where there are several of a name. */
  readonly headers: ReadonlyMap<string, string>
  /** Writes the body to the sink, at the pace of the sink, and ends it. Throws 'unavailable', 'data', or what the sink met. */
  take(sink: Writable): Promise<void>
  /** Ends the connection, whatever is on its way. */
  close(): void
}

/**
 * Sends one GET on a connection of its own and waits for the head of the answer; redirects are not followed. Throws
 * 'unavailable' where none came, 'data' where what came is not HTTP. For bodies of any size: nothing is gathered.
 */
export function openExchange(url: URL, options: ExchangeOptions): Promise<Exchange> {
  const { timeout, ca, headers } = options
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const client = new Client(url.origin, {
    allowH2: false,
    pipelining: 1,
    connectTimeout: timeout * 1000,
    headersTimeout: timeout * 1000,
    bodyTimeout: timeout * 1000,
    connect: {
      lookup: toLookup(options.addresses),
      autoSelectFamily: true,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    },
  })
  return new Promise((resolve, reject) => {
    const body = new Body(() => void client.destroy().catch(() => {}), timeout)
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(controller, status, head) {
        if (status < 200) return
        controller.pause()
        body.begin(controller)
        resolve({ status, headers: toHeaders(head), take: sink => body.take(sink), close: () => body.close() })
      },
      onResponseData: (controller, chunk) => body.put(controller, chunk),
      onResponseEnd: () => body.end(),
      onResponseError(_, error) {
        body.fail(error)
        reject(toFault(error, timeout))
        body.close()
      },
    }
    const path = `${url.pathname}${url.search}`
    client.dispatch({ origin: url.origin, path, method: 'GET', headers: { ...headers }, reset: true }, handler)
  })
}

/** The body of one answer on its way from the connection to the sink. */
class Body {
  readonly #close: () => void
  readonly #timeout: number
  #controller: Dispatcher.DispatchController | undefined
  #sink: Writable | undefined
  #ended = false
  #failed: Error | undefined

  constructor(close: () => void, timeout: number) {
    this.#close = close
    this.#timeout = timeout
  }

  begin(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  take(sink: Writable): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      sink.on('error', error => {
        this.close()
        reject(this.#failed === error ? toFault(error, this.#timeout) : error)
      })
      sink.on('finish', resolve)
      sink.on('drain', () => this.#controller?.resume())
      this.#sink = sink
      if (this.#failed !== undefined) sink.destroy(this.#failed)
      else if (this.#ended) sink.end()
      else this.#controller?.resume()
    })
  }

  put(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink === undefined || this.#sink.destroyed) return
    if (!this.#sink.write(chunk)) controller.pause()
  }

  end(): void {
    this.#ended = true
    this.#sink?.end()
    this.#close()
  }

  fail(error: Error): void {
    this.#failed ??= error
    this.#sink?.destroy(error)
  }

  close(): void {
    this.#close()
  }
}

/** The form of `dns.lookup` for addresses that are known. */
function toLookup(addresses: readonly string[]): LookupFunction {
  const all = addresses.map(address => ({ address, family: isIP(address) }))
  return (_, options, done) => {
    if (options.all) done(null, all)
    else done(null, all[0]?.address ?? '', all[0]?.family ?? 4)
  }
}

function toHeaders(head: Readonly<Record<string, string | string[] | undefined>>): Map<string, string> {
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(head)) {
    const text = Array.isArray(value) ? value[0] : value
    if (text !== undefined) headers.set(name.toLowerCase(), text)
  }
  return headers
}

/** What undici calls its errors, in an operator's words. */
const TEXTS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'no connection',
  UND_ERR_HEADERS_TIMEOUT: 'no answer',
  UND_ERR_BODY_TIMEOUT: 'nothing came',
}

function toFault(error: Error, timeout: number): CommandError {
  if (error instanceof CommandError) return error
  const code = errnoOf(error) ?? ''
  const late = TEXTS[code]
  if (late !== undefined) return new CommandError('unavailable', `${late} within ${timeout} seconds`, { cause: error })
  if (error.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new CommandError('data', `the answer is not HTTP: ${reasonOf(error)}`, { cause: error })
  }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code.startsWith('UND_ERR_RES')) {
    return new CommandError('unavailable', CLOSED, { cause: error })
  }
  return new CommandError('unavailable', connectReasonOf(error), { cause: error })
}
