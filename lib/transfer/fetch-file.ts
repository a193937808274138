import { CommandError } from '../errors.ts'
import type { File } from '../model/download.ts'
import { pathOf } from './download-order.ts'
import { HashFollower } from './hash-follower.ts'
import { PartFile } from './part-file.ts'
import type { PartNote } from './part-note.ts'
import { type Place, toPlace } from './place.ts'
import { EnoughError, RangeSink } from './range-sink.ts'
import { planPieces, Spans } from './ranges.ts'
import type { Rate } from './rate.ts'
import { siteOf } from './site.ts'
import type { Facts, Manners, Range, Site, Source } from './source.ts'

/** How often what is there is written down while it grows, in milliseconds. */
const SAVE_EVERY_MS = 1000

/** One file that is to be fetched. */
export interface Order {
  readonly url: string
  /** A file or a directory. */
  readonly output: string
  /** SHA-256 in lower-case hexadecimal; null: whatever comes is taken. */
  readonly sha256: string | null
  readonly rate: Rate
}

/** How files are fetched. */
export interface FetchSettings extends Manners {
  /** Takes up what an earlier attempt left, and leaves something for the next one. */
  readonly resume: boolean
  readonly connections: number
  /** The largest file that is taken, in bytes. */
  readonly limit: number
  /** Told after each piece. */
  readonly progress: (place: Place, bytes: number, size: number | null) => void
}

/** Fetches one file, whole and verified, into its place. Throws a CommandError whose message does not name the URL. */
export async function fetchFile(order: Order, settings: FetchSettings): Promise<File> {
  const began = performance.now()
  const place = toPlace(order.url)
  const site = await siteOf(place, settings)
  const part = await PartFile.open(await pathOf(order.output, place), place.shown, settings.resume)
  const transfer = new Transfer(place, site, part, order, settings)
  try {
    const sha256 = await transfer.run()
    await part.commit()
    const { bytes, resumed } = transfer
    const seconds = (performance.now() - began) / 1000
    const verified = order.sha256 !== null
    return { type: 'file', url: place.shown, path: part.target, bytes, sha256, verified, resumed, seconds }
  } catch (error) {
    await part.leave(transfer.note())
    throw error
  } finally {
    await transfer.close()
  }
}

/** After so many bytes the buffers they came in are given back: V8 alone would let 100 MB of them gather. */
const COLLECT_EVERY = 2 * 1024 * 1024

class Transfer {
  /** Of these, so many were there before. */
  resumed = 0
  readonly #place: Place
  readonly #part: PartFile
  readonly #order: Order
  readonly #settings: FetchSettings
  readonly #site: Site
  readonly #hash: HashFollower
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
    if (size === null || !this.#facts.ranges) await this.#fetch(first, { from: 0, to: size })
    else await this.#fetchPieces(first, planPieces(this.#spans, size, connections))
    if (size !== null && this.bytes < size) {
      throw new CommandError('unavailable', `the connection was closed after ${this.bytes} bytes of ${size}`)
    }
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

  async close(): Promise<void> {
    for (const source of this.#sources) source.close()
    await this.#saving
    await this.#hash.close()
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

  /** As many pieces at a time as there are connections; the first that fails ends the others. */
  async #fetchPieces(first: Source, pieces: readonly Range[]): Promise<void> {
    const waiting = [...pieces]
    const work = async (source: Source | undefined) => {
      for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
        await this.#fetch(source ?? this.#open(), piece)
        source = undefined
      }
    }
    const workers = Array.from({ length: Math.min(this.#settings.connections, pieces.length) }, (_, i) =>
      work(i === 0 ? first : undefined),
    )
    try {
      await Promise.all(workers)
    } catch (error) {
      waiting.length = 0
      for (const source of this.#sources) source.close()
      await Promise.allSettled(workers)
      throw error
    }
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
      if (!(error instanceof EnoughError)) throw error
      throw new CommandError('data', `the server sent more than the ${this.#facts.size} bytes that it told`)
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
