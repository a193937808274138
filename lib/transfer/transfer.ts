import { setTimeout } from 'node:timers/promises'
import { CommandError, errnoOf } from '../errors.ts'
import { CLOSED } from '../sys/connect-reason.ts'
import type { FetchSettings, Order } from './download-order.ts'
import { Floor, LEAST_PER_SECOND } from './floor.ts'
import { HashFollower } from './hash-follower.ts'
import type { PartFile } from './part-file.ts'
import type { PartNote } from './part-note.ts'
import { fetchPieces, toTurnedAway } from './pieces.ts'
import type { Place } from './place.ts'
import { EnoughError, RangeSink } from './range-sink.ts'
import { planPieces, Spans } from './ranges.ts'
import { type Facts, NoRangesError, type Range, type Site, type Source } from './source.ts'

/** How often what is there is written down while it grows, in milliseconds. */
const SAVE_EVERY_MS = 1000

/** After so many bytes the buffers they came in are given back: V8 alone would let 100 MB of them gather. */
const COLLECT_EVERY = 1024 * 1024

/** A connection that is turned away waits twice this before it is tried again, then four times, and so on, in milliseconds. */
const PAUSE_MS = 50

/** One file on its way from a site into its part: asks, plans, fetches piece by piece, hashes along. */
export class Transfer {
  /** Of these, so many were there before. */
  resumed = 0
  readonly #place: Place
  readonly #part: PartFile
  readonly #order: Order
  readonly #settings: FetchSettings
  readonly #site: Site
  #hash: HashFollower
  readonly #sources = new Set<Source>()
  #spans = new Spans()
  #facts: Facts = { size: null, stamp: null, ranges: false }
  #spoilt = false
  #uncollected = 0
  #saving: Promise<void> | undefined
  #saved = Number.NEGATIVE_INFINITY

  constructor(place: Place, site: Site, part: PartFile, order: Order, settings: FetchSettings) {
    this.#place = place
    this.#part = part
    this.#order = order
    this.#settings = settings
    this.#site = site
    this.#hash = new HashFollower(part.fd)
  }

  /** All bytes that are there. */
  get bytes(): number {
    return this.#spans.bytes
  }

  /** Returns the SHA-256. */
  async run(): Promise<string> {
    const { connections, resume } = this.#settings
    const first = this.#open()
    this.#facts = await first.look(connections > 1 || resume)
    const { size } = this.#facts
    if (size !== null) this.#bound(size)
    await this.#takeUp()
    await this.#bring(first)
    if (size !== null && this.bytes < size) throw this.#cutShort(size)
    const sha256 = await this.#hash.finish()
    if (this.#order.sha256 !== null && sha256 !== this.#order.sha256) {
      this.#spoilt = true
      throw new CommandError('data', `the checksum differs: SHA256 is ${sha256}, not ${this.#order.sha256}`)
    }
    return sha256
  }

  /** What the next attempt can take up; null where that is nothing. */
  note(): PartNote | null {
    const { size, stamp, ranges } = this.#facts
    if (!this.#settings.resume || this.#spoilt || !ranges || size === null || stamp === null) return null
    return this.bytes === 0 ? null : { url: this.#place.shown, size, stamp, spans: this.#spans.list }
  }

  /** Ends what is open; after that nothing is written any more. */
  async close(): Promise<void> {
    this.#stop()
    await this.#saving
    await this.#hash.close()
  }

  #stop(): void {
    for (const source of this.#sources) source.close()
  }

  #open(): Source {
    const source = this.#site()
    this.#sources.add(source)
    return source
  }

  /** What an earlier attempt left is of use where the server has the same file still. */
  async #takeUp(): Promise<void> {
    const { note } = this.#part
    if (note === null) return
    const { size, stamp, ranges } = this.#facts
    if (!ranges || note.size !== size || note.stamp !== stamp) return await this.#part.empty()
    this.#spans = new Spans(note.spans)
    this.resumed = this.bytes
    this.#hash.advance(this.#spans.prefix)
  }

  /** Fetches what is missing, and gives up where it drips only. */
  async #bring(first: Source): Promise<void> {
    const { timeout } = this.#settings
    const floor = new Floor(this.#order.rate, timeout, this.bytes)
    let tooSlow: CommandError | undefined
    const looks = setInterval(() => {
      if (!floor.isTooSlow(this.bytes, performance.now() / 1000)) return
      tooSlow = new CommandError('unavailable', `fewer than ${LEAST_PER_SECOND} bytes a second came`)
      this.#stop()
    }, timeout * 1000)
    try {
      const { size, ranges } = this.#facts
      if (size === null || !ranges) await this.#fetch(first, { from: 0, to: size })
      else await this.#fetchPieces(first, size).catch(error => this.#fetchWhole(error))
    } catch (error) {
      const { size } = this.#facts
      const isClosed = error instanceof CommandError && error.message === CLOSED
      throw tooSlow ?? (isClosed && size !== null ? this.#cutShort(size) : error)
    } finally {
      clearInterval(looks)
    }
  }

  #cutShort(size: number): CommandError {
    return new CommandError('unavailable', `${CLOSED} after ${this.bytes} bytes of ${size}`)
  }

  async #fetchPieces(first: Source, size: number): Promise<void> {
    const { connections } = this.#settings
    let unused: Source | undefined = first
    const fetch = async (piece: Range) => {
      const source = unused ?? this.#open()
      unused = undefined
      try {
        await this.#fetch(source, piece)
      } catch (error) {
        throw this.#spans.has(piece.from) ? error : toTurnedAway(error)
      }
    }
    const pieces = planPieces(this.#spans, size, connections)
    const pause = (times: number) => setTimeout(PAUSE_MS * 2 ** times)
    await fetchPieces(pieces, connections, { fetch, stop: () => this.#stop(), pause })
  }

  /** The second attempt where the server does not give parts of it after all; any other error is thrown on. */
  async #fetchWhole(error: unknown): Promise<void> {
    if (!(error instanceof NoRangesError)) throw error
    const source = this.#open()
    this.#facts = await source.look(false)
    await this.#hash.close()
    await this.#saving
    await this.#part.empty()
    this.#hash = new HashFollower(this.#part.fd)
    this.#spans = new Spans()
    this.resumed = 0
    await this.#fetch(source, { from: 0, to: this.#facts.size })
  }

  async #fetch(source: Source, { from, to }: Range): Promise<void> {
    const sink = new RangeSink({
      fd: this.#part.fd,
      from,
      to,
      rate: this.#order.rate,
      wrote: (start, end) => this.#wrote(start, end),
    })
    try {
      await source.fetch({ from, to }, this.#facts, sink)
    } catch (error) {
      if (error instanceof EnoughError)
        throw new CommandError('data', `the server sent more than the ${this.#facts.size} bytes that it told`)
      const code = error instanceof CommandError ? errnoOf(error.cause) : undefined
      if (code === 'ENOSPC' || code === 'EDQUOT') this.#spoilt = true // the host needs the room that the part takes
      throw error
    } finally {
      source.close()
      this.#sources.delete(source)
    }
  }

  #wrote(from: number, to: number): void {
    this.#spans.add(from, to)
    this.#hash.advance(this.#spans.prefix)
    const { bytes } = this
    this.#bound(bytes)
    this.#settings.progress(this.#place, bytes, this.#facts.size)
    this.#save()
    this.#uncollected += to - from
    if (this.#uncollected < COLLECT_EVERY) return
    this.#uncollected = 0
    globalThis.gc?.({ type: 'minor' })
  }

  #bound(bytes: number): void {
    const { limit } = this.#settings
    if (bytes > limit) throw new CommandError('data', `it is larger than ${limit} bytes`)
  }

  /** Writes down what is there, for the case that this program is killed. */
  #save(): void {
    if (!this.#settings.resume || this.#saving !== undefined) return
    const now = performance.now()
    const note = now - this.#saved < SAVE_EVERY_MS ? null : this.note()
    if (note === null) return
    this.#saved = now
    this.#saving = this.#part
      .save(note)
      .catch(() => {}) // what fails here fails the write too
      .finally(() => {
        this.#saving = undefined
      })
  }
}
