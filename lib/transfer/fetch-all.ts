import { CommandError, type Fault, toCommandError } from '../errors.ts'
import type { File } from '../model/download.ts'
import { type FetchSettings, type Order, parseChecksum } from './download-order.ts'
import { fetchFile } from './fetch-file.ts'
import { hideLogin, toPlace } from './place.ts'
import { Rate } from './rate.ts'
import type { Wish } from './wishes.ts'

/** What a wish that says nothing of it gets. */
export interface Defaults {
  readonly output: string
  /** KB (1024 bytes) a second; 0: as fast as it comes. */
  readonly speed: number
  /** What a wish is that names no file: wrong usage, or wrong data. */
  readonly blame: 'usage' | 'data'
}

/** Who is told how it went. */
export interface Told {
  readonly fetched: (file: File) => Promise<void> | undefined
  /** `url` is without its login. */
  readonly failed: (url: string, error: CommandError) => Promise<void> | undefined
}

/** Fetches one file after another; one that fails is told, and the others go on. Returns the faults. */
export async function fetchAll(
  wishes: Iterable<Wish> | AsyncIterable<Wish>,
  defaults: Defaults,
  settings: FetchSettings,
  told: Told,
): Promise<readonly Fault[]> {
  const faults: Fault[] = []
  for await (const wish of wishes) {
    try {
      await told.fetched(await fetchFile(toOrder(wish, defaults), settings))
    } catch (error) {
      const known = toCommandError('fetch it', error)
      faults.push(known.fault === 'usage' ? defaults.blame : known.fault)
      await told.failed(shownUrl(wish.url), known)
    }
  }
  return faults
}

/** What is fetched for a wish. Throws 'data' where its checksum is none that is known. */
export function toOrder({ url, output, checksum, speed }: Wish, defaults: Defaults): Order {
  const sha256 = typeof checksum === 'string' ? parseChecksum(checksum) : null
  return { url, output: output ?? defaults.output, sha256, rate: new Rate((speed ?? defaults.speed) * 1024) }
}

function shownUrl(text: string): string {
  try {
    return toPlace(text).shown
  } catch (error) {
    if (error instanceof CommandError) return hideLogin(text)
    throw error
  }
}
