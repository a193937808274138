import { parseServerList, renderServerList, type Server } from './server-list.ts'

/** The largest MetaFile, in bytes (B5). */
export const METAFILE_MOST = 4096
/** The most that tags take, in bytes: a list of servers and the comments want their place beside them. */
export const TAGS_MOST = 1024

/** What the MetaFile keeps (B5). */
export interface Metafile {
  /** The UUID of this host, in lower case; null: it has none yet. */
  readonly agentsn: string | null
  /** `k=v,k=v`, as the registration gave them; null: none. */
  readonly tags: string | null
  /** In the order they are tried, after those that are built in. */
  readonly servers: readonly Server[]
}

/** Something wrong in a MetaFile. */
export interface MetafileFault {
  /** From 1; null: it is about the whole file. */
  readonly line: number | null
  readonly reason: string
}

/** A MetaFile, as far as it can be used, and every fault of it. */
export interface ParsedMetafile {
  readonly metafile: Metafile
  readonly faults: readonly MetafileFault[]
}

const KEYS = ['AgentSN', 'Tags', 'ServerList'] as const
type Key = (typeof KEYS)[number]

/**
 * Reads a MetaFile. What is wrong is named and the rest is used: a host whose file was torn or filled by hand goes on
 * with what it still has. Of a file that is too large, the whole lines within the limit are read.
 */
export function parseMetafile(text: string): ParsedMetafile {
  const faults: MetafileFault[] = []
  const values = new Map<Key, { line: number; value: string }>()
  for (const [at, { key, value }] of linesOf(text, faults).entries()) {
    const line = at + 1
    if (key === undefined) {
      if (value !== undefined) faults.push({ line, reason: `'${shorten(value)}' is no line of a MetaFile` })
    } else if (values.has(key)) faults.push({ line, reason: `${key} stands there twice, the first one counts` })
    else values.set(key, { line, value })
  }
  const read = <T>(key: Key, take: (value: string) => { value: T; faults: readonly string[] }, none: T): T => {
    const found = values.get(key)
    if (found === undefined || found.value === '') return none
    const { value, faults: reasons } = take(found.value)
    faults.push(...reasons.map(reason => ({ line: found.line, reason })))
    return value
  }
  const agentsn = read('AgentSN', takeAgentSn, null)
  const tags = read('Tags', takeTags, null)
  const servers = read('ServerList', takeServers, [])
  return { metafile: { agentsn, tags, servers }, faults }
}

/**
 * Writes a MetaFile. What `before`, the text that is there, has besides (comments, lines of others) stays at its place, as
 * far as all of it fits in 4 KiB; of our own lines, servers at the end of the list give way. Pure; throws nothing.
 */
export function renderMetafile({ agentsn, tags, servers }: Metafile, before = ''): string {
  let kept = servers
  const values = (): Record<Key, string> => ({
    AgentSN: agentsn ?? '',
    Tags: tags ?? '',
    ServerList: renderServerList(kept),
  })
  const bare = () => KEYS.map(key => `${key}:${values()[key]}\n`).join('')
  while (Buffer.byteLength(bare()) > METAFILE_MOST && kept.length > 0) kept = kept.slice(0, -1)
  const ours: Partial<Record<Key, string>> = values()
  let room = METAFILE_MOST - Buffer.byteLength(bare())
  const lines: string[] = []
  for (const { key, raw } of linesOf(before, [])) {
    if (key === undefined) {
      room -= Buffer.byteLength(raw) + 1
      if (room >= 0) lines.push(raw)
    } else if (ours[key] !== undefined) {
      lines.push(`${key}:${ours[key]}`)
      delete ours[key]
    }
  }
  for (const key of KEYS) if (ours[key] !== undefined) lines.push(`${key}:${ours[key]}`)
  return lines.map(line => `${line}\n`).join('')
}

/** A UUID in lower case; null: it is none. */
export function toAgentSn(text: string): string | null {
  return /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text) ? text.toLowerCase() : null
}

/** Why these are no tags `k=v,k=v` that a line of the MetaFile can hold; null: they are. */
export function tagsFault(text: string): string | null {
  if (Buffer.byteLength(text) > TAGS_MOST) return `the tags are longer than ${TAGS_MOST} bytes`
  if (/\p{Cc}/u.test(text)) return 'the tags have control characters'
  const wrong = text.split(',').find(tag => tag.trim() !== '' && !/^[^=,\s]+=[^,]*$/.test(tag.trim()))
  return wrong === undefined ? null : `the tag '${shorten(wrong)}' is not KEY=VALUE`
}

/** A line: of one of the keys; of none, but with something in it that should not be; or a comment or a blank. */
type Line = { readonly raw: string } & (
  | { readonly key: Key; readonly value: string }
  | { readonly key: undefined; readonly value: string | undefined }
)

function linesOf(text: string, faults: MetafileFault[]): readonly Line[] {
  let whole = text
  if (Buffer.byteLength(text) > METAFILE_MOST) {
    faults.push({ line: null, reason: `it is larger than ${METAFILE_MOST} bytes: what is beyond is not read` })
    const start = Buffer.from(text).subarray(0, METAFILE_MOST)
    whole = start.subarray(0, start.lastIndexOf(10) + 1).toString()
  } else if (text !== '' && !text.endsWith('\n')) {
    faults.push({ line: null, reason: 'its last line has no end: it was cut off, or written by hand' })
  }
  const lines = whole.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map(raw => toLine(raw.replace(/\r$/, '')))
}

function toLine(raw: string): Line {
  const text = raw.trim()
  if (text === '' || text.startsWith('#')) return { raw, key: undefined, value: undefined }
  const colon = text.indexOf(':')
  const key = KEYS.find(key => key === text.slice(0, colon).trimEnd())
  return key === undefined ? { raw, key, value: text } : { raw, key, value: text.slice(colon + 1).trim() }
}

function takeAgentSn(text: string): { value: string | null; faults: readonly string[] } {
  const value = toAgentSn(text)
  return { value, faults: value === null ? [`the AgentSN '${shorten(text)}' is no UUID`] : [] }
}

function takeTags(text: string): { value: string | null; faults: readonly string[] } {
  const fault = tagsFault(text)
  return fault === null ? { value: text, faults: [] } : { value: null, faults: [fault] }
}

function takeServers(text: string): { value: readonly Server[]; faults: readonly string[] } {
  const { servers, faults } = parseServerList(text)
  return { value: servers, faults }
}

function shorten(text: string): string {
  return [...text]
    .slice(0, 60)
    .join('')
    .replaceAll(/\p{Cc}/gu, '?')
}
