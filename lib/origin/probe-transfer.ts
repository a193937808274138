import { connect, type Socket } from 'node:net'
import type * as Tls from 'node:tls'
import { errnoOf, reasonOf } from '../errors.ts'
import type { ProbeError } from '../model/probe.ts'
import { ResponseReader } from '../sys/http-response.ts'
import { LAG_MOST_MS, type LagWatch } from './probe-lag.ts'
import type { Pausable, RateLimit } from './probe-rate.ts'
import type { Exchange, Sample } from './probe-wire.ts'

/** What all transfers of a round share. */
export interface Wire {
  /** Every socket reads into this one buffer: a body is counted before the next read, so memory does not grow with it. */
  readonly buffer: Buffer
  readonly lag: LagWatch
  readonly rate: RateLimit | undefined
  /** Undefined where nothing is asked over TLS: loading it takes 10 ms and 10 MB. */
  readonly tls: { readonly connect: typeof Tls.connect; readonly secureContext: Tls.SecureContext } | undefined
  /** The transfers under way. */
  readonly running: Set<Transfer>
}

/** Errors that say something about this host and nothing about the address. */
const LOCAL = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM', 'EPERM', 'EACCES', 'EAFNOSUPPORT']

/** A timer that is set for longer fires at once: 24 days, and no round is as long. */
const TIMER_MOST_MS = 2 ** 31 - 1

/** Makes one probe; never rejects, every failure is a sample. */
export function transfer(exchange: Exchange, wire: Wire): Promise<Sample> {
  return new Promise(resolve => {
    const one = new Transfer(exchange, wire, resolve)
    wire.running.add(one)
    one.start()
  })
}

/** One probe under way: a connection, its times, and the reader of its answer. */
export class Transfer implements Pausable {
  readonly #exchange: Exchange
  readonly #wire: Wire
  readonly #resolve: (sample: Sample) => void
  readonly #reader: ResponseReader
  #socket: Socket | undefined
  #timer: NodeJS.Timeout | undefined
  #startedMs = 0
  #reachedMs: number | undefined
  #connectedMs: number | undefined
  #sentMs = 0
  #firstByteMs: number | undefined
  #pausedMs: number | undefined
  #heldMs = 0
  #ended = false

  constructor(exchange: Exchange, wire: Wire, resolve: (sample: Sample) => void) {
    this.#exchange = exchange
    this.#wire = wire
    this.#resolve = resolve
    this.#reader = new ResponseReader(exchange.limit, exchange.verb)
  }

  /** Opens the connection. */
  start(): void {
    this.#startedMs = performance.now()
    this.#timer = setTimeout(() => this.#timeUp(), Math.min(this.#exchange.timeout * 1000, TIMER_MOST_MS))
    try {
      this.#socket = this.#open()
    } catch (error) {
      this.#finish('local', reasonOf(error))
      return
    }
    this.#socket.once('connect', () => {
      this.#reachedMs = performance.now()
    })
    this.#socket.once(this.#exchange.way === 'HTTPS' ? 'secureConnect' : 'connect', () => this.#connected())
    this.#socket.once('end', () => this.#closed())
    this.#socket.on('error', error => this.#failed(error))
    this.#socket.once('close', () => this.#closed())
  }

  /** The round is over before this probe. */
  cancel(): void {
    this.#finish('local', 'the round ended before the answer did')
  }

  /** Reads on after it was held back by the rate limit. */
  resume(): void {
    if (this.#pausedMs !== undefined) this.#heldMs += performance.now() - this.#pausedMs
    this.#pausedMs = undefined
    this.#socket?.resume()
  }

  #open(): Socket {
    const { ip, port, way, serverName } = this.#exchange
    const onread = { buffer: this.#wire.buffer, callback: (size: number, piece: Uint8Array) => this.#take(size, piece) }
    const options = { host: ip, port, autoSelectFamily: false, onread }
    if (way !== 'HTTPS') return connect(options)
    if (this.#wire.tls === undefined) throw new Error('TLS is not loaded')
    const { connect: connectTls, secureContext } = this.#wire.tls
    // As the relays are asked by address and often carry no certificate for the name, it is not verified.
    const servername = serverName === undefined ? {} : { servername: serverName }
    return connectTls({ ...options, ...servername, secureContext, rejectUnauthorized: false })
  }

  #connected(): void {
    if (this.#ended) return
    this.#connectedMs = performance.now()
    this.#sentMs = this.#connectedMs
    if (this.#exchange.way === 'TCP') {
      this.#finish(null, null)
      return
    }
    this.#socket?.write(this.#exchange.request, () => {
      if (this.#firstByteMs === undefined) this.#sentMs = performance.now()
    })
  }

  /** Takes what is in the shared buffer; false stops the reading. */
  #take(size: number, piece: Uint8Array): boolean {
    if (this.#ended) return false
    this.#firstByteMs ??= performance.now()
    const verdict = this.#reader.feed(piece as Buffer, size)
    if (verdict === 'more') {
      if (this.#wire.rate === undefined || this.#wire.rate.take(size, this)) return true
      this.#pausedMs = performance.now()
      return false
    }
    if (verdict === 'done') this.#finish(null, null)
    else this.#finish('bad-response', this.#reader.fault)
    return false
  }

  #closed(): void {
    if (this.#ended) return
    if (this.#connectedMs === undefined) {
      this.#failed(new Error('connection closed'))
      return
    }
    const end = this.#reader.end()
    if (end === 'whole') this.#finish(null, null)
    else if (end === 'short-body') this.#finish(end, `closed after ${this.#reader.bytes} bytes of the body`)
    else this.#finish(end, `closed ${this.#firstByteMs === undefined ? 'without an answer' : 'within the headers'}`)
  }

  #failed(error: Error): void {
    if (this.#ended) return
    const code = errnoOf(error) ?? ''
    if (this.#connectedMs !== undefined) this.#finish('reset', reasonOf(error))
    else if (LOCAL.includes(code)) this.#finish('local', reasonOf(error))
    else if (this.#reachedMs !== undefined) this.#finish('tls', tlsReason(error))
    else if (code === 'ECONNREFUSED') this.#finish('connect-refused', reasonOf(error))
    else if (code === 'ETIMEDOUT') this.#finish('connect-timeout', reasonOf(error))
    else this.#finish('connect-error', reasonOf(error))
  }

  #timeUp(): void {
    const after = `after ${this.#exchange.timeout} s`
    if (this.#heldFor() > LAG_MOST_MS) this.#finish('local', `held back by the rate limit, no end ${after}`)
    else if (this.#connectedMs !== undefined) this.#finish('read-timeout', `${this.#reader.bytes} bytes ${after}`)
    else if (this.#reachedMs !== undefined) this.#finish('tls', `no end of the handshake ${after}`)
    else this.#finish('connect-timeout', `no connection ${after}`)
  }

  #finish(error: ProbeError | null, detail: string | null): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#timer)
    const sample = this.#sample(error, detail)
    this.#wire.running.delete(this)
    this.#wire.rate?.forget(this)
    this.#socket?.destroy()
    this.#resolve(sample)
  }

  #sample(error: ProbeError | null, detail: string | null): Sample {
    const endMs = performance.now()
    const since = (fromMs: number | undefined, toMs = endMs) =>
      fromMs === undefined ? null : Math.max(0, Math.round((toMs - fromMs) * 1000)) / 1e6
    const connected = this.#connectedMs !== undefined
    return {
      connect: connected ? since(this.#startedMs, this.#connectedMs) : null,
      ttfb: this.#firstByteMs === undefined ? null : since(this.#sentMs, this.#firstByteMs),
      download: since(this.#firstByteMs),
      total: connected ? since(this.#startedMs, this.#exchange.way === 'TCP' ? this.#connectedMs : endMs) : null,
      bytes: this.#reader.bytes,
      code: this.#reader.code,
      error,
      detail,
      suspect: error === 'local' || this.#heldFor() > LAG_MOST_MS || this.#wire.lag.wasLate(this.#startedMs),
    }
  }

  /** How long the rate limit has kept this transfer from reading, in milliseconds. */
  #heldFor(): number {
    return this.#heldMs + (this.#pausedMs === undefined ? 0 : performance.now() - this.#pausedMs)
  }
}

/** OpenSSL's texts carry addresses, file names and line numbers; the reason is what stands last. */
function tlsReason(error: Error): string {
  if ('reason' in error && typeof error.reason === 'string') return error.reason
  return reasonOf(error)
}
