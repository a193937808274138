import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import type { Place } from './place.ts'
import type { Facts, Range, Site, Source } from './source.ts'

/** A file of this host. */
export function fileSite(place: Place): Site {
  return () => new FileSource(fileURLToPath(place.url))
}

class FileSource implements Source {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async look(): Promise<Facts> {
    try {
      const found = await stat(this.#path, { bigint: true })
      if (!found.isFile()) throw new CommandError('data', 'not a regular file')
      return { size: Number(found.size), stamp: `${found.mtimeNs}`, ranges: true }
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') throw new CommandError('no', 'no such file or directory', { cause: error })
      throw toCommandError('read it', error)
    }
  }

  async fetch({ from, to }: Range, facts: Facts, sink: Writable): Promise<void> {
    if (to !== null && to <= from) return void sink.end()
    const end = to === null ? {} : { end: to - 1 }
    await pipeline(createReadStream(this.#path, { start: from, ...end, highWaterMark: 256 * 1024 }), sink)
    if ((await this.look()).stamp !== facts.stamp) throw new CommandError('data', 'the file changed meanwhile')
  }

  close(): void {}
}
