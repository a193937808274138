import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { readWholeZone, summarizeZone, type ZoneSummary } from './whole-zone.ts'

/** One form of the content, ready to be sent: its headers are complete but for Date and Connection. */
export interface Representation {
  readonly etag: string
  readonly body: Buffer
  /** Names and values in turn, of a 200. */
  readonly headers: readonly string[]
  /** Names and values in turn, of a 304. */
  readonly notModified: readonly string[]
}

/** One version of the file as it is served: read whole, checked, compressed once. */
export interface Version extends ZoneSummary {
  readonly plain: Representation
  readonly gzip: Representation
  /** The file's modification time in ms, never in the future, whole seconds: what Last-Modified can say. */
  readonly lastModifiedMs: number
}

const compress = promisify(gzip)

/** Makes a version of the file's bytes; throws a 'data' CommandError where they are torn or no zone (formats 14). */
export async function makeVersion(bytes: Buffer, mtimeMs: number, nowMs: number, legacy: boolean): Promise<Version> {
  const summary = summarizeZone(readWholeZone(bytes.toString(), legacy))
  const lastModifiedMs = Math.floor(Math.min(mtimeMs, nowMs) / 1000) * 1000
  const hash = createHash('sha256').update(bytes).digest('hex')
  const date = new Date(lastModifiedMs).toUTCString()
  const zipped = await compress(bytes)
  return {
    ...summary,
    lastModifiedMs,
    plain: makeRepresentation(bytes, `"${hash}"`, date, []),
    gzip: makeRepresentation(zipped, `"${hash}-gzip"`, date, ['Content-Encoding', 'gzip']),
  }
}

function makeRepresentation(body: Buffer, etag: string, date: string, encoding: readonly string[]): Representation {
  const both = ['ETag', etag, 'Last-Modified', date, 'Vary', 'Accept-Encoding', 'Cache-Control', 'no-cache']
  const headers = ['Content-Type', 'text/plain; charset=utf-8', 'Content-Length', String(body.length), ...encoding]
  return { etag, body, headers: [...headers, ...both], notModified: both }
}
