import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { CommandError, reasonOf } from '../errors.ts'
import { type HashOrder, hashAsItGrows } from './hash-worker.ts'

/** A file that never gets this large is hashed at its end: a thread costs more. */
const THREAD_FROM = 4 * 1024 * 1024
const PIECE = 256 * 1024

/**
 * The SHA-256 of a file while it is written: reads what has been written, in order, in a thread of its own, since on one
 * core the hashing alone takes as long as all the rest.
 */
export class HashFollower {
  readonly #fd: number
  readonly #cell = new BigInt64Array(new SharedArrayBuffer(8))
  #there = 0
  #digest: Promise<string> | undefined
  #worker: Worker | undefined

  constructor(fd: number) {
    this.#fd = fd
  }

  /** So many bytes from its beginning are there. */
  advance(there: number): void {
    this.#there = there
    if (this.#worker === undefined && there >= THREAD_FROM) this.#start()
    if (this.#worker !== undefined) this.#tell(BigInt(there))
  }

  /** The digest of all that is there, in hexadecimal. Throws 'io'. */
  async finish(): Promise<string> {
    if (this.#digest === undefined) return this.#hashHere()
    this.#tell(-1n - BigInt(this.#there))
    return await this.#digest
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(): void {
    const order: HashOrder = { fd: this.#fd, cell: this.#cell }
    const worker = new Worker(`(${hashAsItGrows})()`, { eval: true, workerData: order })
    this.#worker = worker
    this.#digest = new Promise<string>((resolve, reject) => {
      worker.once('message', (digest: unknown) => resolve(String(digest)))
      worker.once('error', error => reject(new CommandError('io', `unable to read it again: ${reasonOf(error)}`)))
      worker.once('exit', () => reject(new CommandError('bug', 'the hash did not come to its end')))
    })
    this.#digest.catch(() => {}) // `finish` meets it too
  }

  #tell(value: bigint): void {
    Atomics.store(this.#cell, 0, value)
    Atomics.notify(this.#cell, 0)
  }

  #hashHere(): string {
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafeSlow(PIECE)
    for (let at = 0; at < this.#there; ) {
      const got = readSync(this.#fd, buffer, 0, Math.min(PIECE, this.#there - at), at)
      if (got === 0) throw new CommandError('io', 'unable to read it again: it has become shorter')
      hash.update(buffer.subarray(0, got))
      at += got
    }
    return hash.digest('hex')
  }
}
