import type { Version } from './serve-version.ts'

/** The headers of a request that decide about its answer. */
export interface Conditions {
  readonly 'accept-encoding'?: string | string[] | undefined
  readonly 'if-none-match'?: string | undefined
  readonly 'if-modified-since'?: string | undefined
}

/** An answer: its status, its headers (names and values in turn), its body where it has one. */
export interface Answer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body?: Buffer
}

/** The seconds after which a client may ask again while there is no file yet. */
const RETRY_AFTER = 5

/** The answer to a GET of the file (RFC 9110, 13.2.2: If-Modified-Since counts only without If-None-Match). Pure. */
export function answerFile(conditions: Conditions, version: Version | undefined): Answer {
  if (version === undefined) {
    return answerText(503, 'there is no valid file yet\n', ['Retry-After', String(RETRY_AFTER)])
  }
  const chosen = acceptsGzip(String(conditions['accept-encoding'] ?? '')) ? version.gzip : version.plain
  const tags = conditions['if-none-match']
  const since = conditions['if-modified-since']
  const same = tags !== undefined ? matchesTag(tags, chosen.etag) : isUnmodified(since, version.lastModifiedMs)
  if (same) return { status: 304, headers: chosen.notModified }
  return { status: 200, headers: chosen.headers, body: chosen.body }
}

/** An answer of our own words; never stored by a cache. Pure. */
export function answerText(
  status: number,
  text: string,
  headers: readonly string[] = [],
  contentType = 'text/plain; charset=utf-8',
): Answer {
  const body = Buffer.from(text)
  const own = ['Content-Type', contentType, 'Content-Length', String(body.length), 'Cache-Control', 'no-store']
  return { status, headers: [...own, ...headers], body }
}

/** The answer to a method other than GET and HEAD; the connection ends, as its body is not read. Pure. */
export function answerMethod(): Answer {
  return answerText(405, 'GET and HEAD only\n', ['Allow', 'GET, HEAD', 'Connection', 'close'])
}

/** Whether an Accept-Encoding admits gzip (RFC 9110, 12.5.3): named or `*`, and not with q=0. Pure. */
export function acceptsGzip(accepted: string): boolean {
  let any = false
  for (const item of accepted.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map(part => part.trim())
    const wanted = !parameters.some(parameter => /^q\s*=\s*0(\.0{0,3})?$/.test(parameter))
    if (coding === 'gzip' || coding === 'x-gzip') return wanted
    if (coding === '*') any = wanted
  }
  return any
}

/** Whether an If-None-Match names the tag, by the weak comparison (RFC 9110, 13.1.2), or is `*`. Pure. */
export function matchesTag(tags: string, etag: string): boolean {
  if (tags.trim() === '*') return true
  for (const [, tag] of tags.matchAll(/(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g)) if (tag === etag) return true
  return false
}

function isUnmodified(since: string | undefined, lastModifiedMs: number): boolean {
  if (since === undefined) return false
  const date = Date.parse(since)
  return !Number.isNaN(date) && lastModifiedMs <= date
}
