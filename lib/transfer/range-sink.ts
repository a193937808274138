import { writeSync } from 'node:fs'
import { Writable } from 'node:stream'
import { type CommandError, toCommandError } from '../errors.ts'
import type { Rate } from './rate.ts'

/** Says that a part is whole while more was coming: no fault where the server cannot be told where to end. */
export class EnoughError extends Error {
  override readonly name = 'EnoughError'
}

/** Where a part goes, and who is told. */
export interface SinkPlace {
  readonly fd: number
  readonly from: number
  /** Up to and without this byte; null: whatever comes. */
  readonly to: number | null
  readonly rate: Rate
  /** Called after each piece, with its place; what it throws ends the sink. */
  readonly wrote: (from: number, to: number) => void
}

/** Writes what comes in its place in a file, no faster than the rate; ends with an EnoughError at the end of the part. */
export class RangeSink extends Writable {
  readonly #place: SinkPlace
  #at: number

  constructor(place: SinkPlace) {
    super({ highWaterMark: place.rate.ahead, decodeStrings: false })
    this.#place = place
    this.#at = place.from
  }

  /** The next byte's place. */
  get at(): number {
    return this.#at
  }

  override _write(chunk: Buffer, _: string, done: (error?: Error | null) => void): void {
    const { to, rate } = this.#place
    const most = to === null ? chunk.length : Math.min(chunk.length, to - this.#at)
    const fault = this.#put(chunk, most)
    if (fault !== undefined) done(fault)
    else if (most < chunk.length) done(new EnoughError('more came than was asked for'))
    else {
      const wait = rate.take(most, performance.now() / 1000)
      if (wait > 0) setTimeout(done, wait * 1000)
      else done()
    }
  }

  /** Writes into the cache of the kernel, at once: quicker than a thread of the pool is woken. */
  #put(chunk: Buffer, most: number): CommandError | undefined {
    const { fd, wrote } = this.#place
    try {
      for (let put = 0; put < most; ) put += writeSync(fd, chunk, put, most - put, this.#at + put)
      this.#at += most
      wrote(this.#at - most, this.#at)
      return undefined
    } catch (error) {
      return toCommandError('write it', error)
    }
  }
}
