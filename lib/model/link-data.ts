import {
  type ConfFault,
  type ConfInput,
  contentOf,
  isTooLong,
  quote,
  Remarks,
  TOO_LONG,
  toConfLines,
} from './conf-lines.ts'
import { isAddress, isDomainName, nameKey, toAbsolute } from './names.ts'
import type { Probe } from './probe.ts'

const KINDS = ['ip', 'bkip', 'dnsip'] as const
const STATES = ['work', 'down'] as const
const WAYS = ['TCP', 'HTTP', 'HTTPS'] as const
const SOURCES = ['detect', 'central', 'reuse', 'nodetect'] as const

/** One line of link.data: the raw measurement of one (domain, address) in one run (formats 11). Times in seconds. */
export interface LinkLine {
  readonly host: string
  readonly prober: string
  readonly server: string
  readonly kind: (typeof KINDS)[number]
  readonly connect: number
  readonly first_byte: number
  readonly download: number
  readonly total: number
  readonly times: number
  readonly ok_times: number
  readonly port: number
  readonly state: (typeof STATES)[number]
  readonly way: (typeof WAYS)[number]
  readonly code: string
  readonly source: (typeof SOURCES)[number]
}

/** One line, 15 fields, without its line end. */
export function renderLinkLine(line: LinkLine): string {
  const times = [line.connect, line.first_byte, line.download, line.total].map(seconds => seconds.toFixed(6))
  const { host, prober, server, kind, ok_times, port, state, way, code, source } = line
  return [toAbsolute(host), prober, server, kind, ...times, line.times, ok_times, port, state, way, code, source].join(
    '|',
  )
}

/** A probe as a line; a time that was not reached is 0. `prober` is this host's address. */
export function toLinkLine(probe: Probe, prober: string): LinkLine {
  return {
    host: probe.domain,
    prober,
    server: probe.ip,
    kind: probe.kind === 'backup' ? 'bkip' : probe.kind === 'dns' ? 'dnsip' : 'ip',
    connect: probe.connect ?? 0,
    first_byte: probe.ttfb ?? 0,
    download: probe.download ?? 0,
    total: probe.total ?? 0,
    times: probe.times,
    ok_times: probe.ok_times,
    port: probe.port,
    state: probe.ok_times === 0 ? 'down' : 'work',
    way: probe.way,
    code: probe.code,
    source: probe.source,
  }
}

/** What an earlier run measured, by linkKey; of several lines with the same key the first is taken. */
export interface LinkData {
  readonly lines: ReadonlyMap<string, LinkLine>
  readonly faults: readonly ConfFault[]
}

/** What the reuse of columns 20 and 21 looks a measurement up by: fields 1 and 3. */
export function linkKey(host: string, server: string): string {
  return `${nameKey(host)} ${server}`
}

/** Reads a link.data file; fields are separated by `|` or blanks. */
export function parseLinkData(input: ConfInput, file: string | null): LinkData {
  const lines = new Map<string, LinkLine>()
  const faults: ConfFault[] = []
  for (const { line, text } of toConfLines(input)) {
    const remarks = new Remarks()
    const read = parseLine(text, remarks)
    for (const remark of remarks.list) faults.push({ file, line, ...remark })
    if (read === undefined || remarks.failed) continue
    const key = linkKey(read.host, read.server)
    if (!lines.has(key)) lines.set(key, read)
  }
  return { lines, faults }
}

/** The file of the latest run among the names of a directory: `link.data.` and the largest number; others are ignored. */
export function newestLinkData(names: Iterable<string>): string | undefined {
  let newest: { readonly name: string; readonly epoch: number } | undefined
  for (const name of names) {
    const match = /^link\.data\.(\d{1,15})$/.exec(name)
    const epoch = Number(match?.[1])
    if (match !== null && epoch > (newest?.epoch ?? -1)) newest = { name, epoch }
  }
  return newest?.name
}

function parseLine(text: string | undefined, remarks: Remarks): LinkLine | undefined {
  if (text === undefined || isTooLong(text)) return void remarks.error(TOO_LONG)
  const content = contentOf(text)
  if (content === undefined) return undefined
  const fields = content.split(/[| \t]+/)
  if (fields.length !== 15) return void remarks.error(`has ${fields.length} fields, not 15`)
  const take = (field: number, name: string, fits: (value: string) => boolean, wanted: string): string => {
    const value = fields[field - 1] ?? ''
    if (!fits(value)) remarks.error(`field ${field} (${name}) is not ${wanted}: ${quote(value)}`)
    return value
  }
  const oneOf = <W extends string>(field: number, name: string, words: readonly [W, ...W[]]): W => {
    const value = take(field, name, text => words.some(word => word === text), words.join(' or '))
    return words.find(word => word === value) ?? words[0]
  }
  const seconds = (field: number, name: string) => Number(take(field, name, isSeconds, 'a number of seconds'))
  const count = (field: number, name: string) => Number(take(field, name, isCount, 'a whole number'))
  return {
    host: toAbsolute(take(1, 'host', isDomainName, 'a domain name')),
    prober: take(2, 'prober', isAddress, 'an address'),
    server: take(3, 'server', isAddress, 'an address'),
    kind: oneOf(4, 'kind', KINDS),
    connect: seconds(5, 'connect'),
    first_byte: seconds(6, 'first byte'),
    download: seconds(7, 'download'),
    total: seconds(8, 'total'),
    times: count(9, 'times'),
    ok_times: count(10, 'ok times'),
    port: count(11, 'port'),
    state: oneOf(12, 'port state', STATES),
    way: oneOf(13, 'way', WAYS),
    code: take(14, 'code', value => /^\d{3}$/.test(value), 'three digits'),
    source: oneOf(15, 'source', SOURCES),
  }
}

const isSeconds = (text: string) => /^\d{1,9}(?:\.\d{1,9})?$/.test(text)
const isCount = (text: string) => /^\d{1,9}$/.test(text)
