import type { File } from '../model/download.ts'
import { type FetchSettings, type Order, pathOf } from './download-order.ts'
import { findFetched } from './fetched.ts'
import { PartFile } from './part-file.ts'
import { toPlace } from './place.ts'
import { siteOf } from './site.ts'
import { Transfer } from './transfer.ts'

/** Fetches one file, whole and verified, into its place. Throws a CommandError whose message does not name the URL. */
export async function fetchFile(order: Order, settings: FetchSettings): Promise<File> {
  const began = performance.now()
  const place = toPlace(order.url)
  const path = await pathOf(order.output, place)
  const wanted = order.sha256
  const tell = (path: string, bytes: number, sha256: string, resumed: number): File => {
    const seconds = (performance.now() - began) / 1000
    return { type: 'file', url: place.shown, path, bytes, sha256, verified: wanted !== null, resumed, seconds }
  }
  const there = settings.resume && wanted !== null ? await findFetched(path, wanted) : undefined
  if (there !== undefined) return tell(there.target, there.bytes, there.sha256, there.bytes)
  const site = await siteOf(place, settings)
  const part = await PartFile.open(path, place.shown, settings.resume)
  const transfer = new Transfer(place, site, part, order, settings)
  try {
    const sha256 = await transfer.run()
    await transfer.close()
    await part.commit()
    return tell(part.target, transfer.bytes, sha256, transfer.resumed)
  } catch (error) {
    await transfer.close()
    await part.leave(transfer.note())
    throw error
  }
}
