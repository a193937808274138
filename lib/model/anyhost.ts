import { isIpv4, isIpv6 } from './names.ts'
import { SERIAL_MOST } from './serial.ts'
import { STATUSES } from './statuses.ts'

/** What was measured of an address, as its line says (formats 8.2). */
export interface Measure {
  /** Seconds; 0 where it never connected or was not measured, Infinity where an older writer said `inf`. */
  readonly time: number
  readonly kind: 'ip' | 'backup'
  readonly status: (typeof STATUSES)[number]
  /** Three digits, 000 where there was no answer. */
  readonly code: string
  /** Slower than the warn time: flag Y. */
  readonly slow: boolean
}

/** An address of an owner: answered when active, a comment for people and monitors when not. */
export interface AddressLine {
  /** AAAA is an extension of ours: readers of the legacy form pass over it. */
  readonly rr: 'A' | 'AAAA'
  readonly active: boolean
  readonly address: string
  /** null: a line of four fields, as the prototypes wrote them. */
  readonly measure: Measure | null
}

/** An alias of an owner; there is no commented form of it. */
export interface CnameLine {
  readonly rr: 'CNAME'
  readonly active: true
  readonly target: string
}

/** One line of the zone below its header. */
export type ZoneLine = AddressLine | CnameLine

/** Lines of one owner that stand together. */
export interface ZoneBlock {
  /** As written, so without a final dot where the file has none. */
  readonly owner: string
  readonly lines: readonly ZoneLine[]
}

/** The last line of a whole file (formats 14): what it holds, why it was written, the hash of all before the line. */
export interface EndMarker {
  readonly domains: number
  readonly active: number
  readonly reason: string
  /** The serial of the last version whose change was past the limits of the caches; null: there was none. */
  readonly mass: number | null
  readonly sha256: string
}

/** The zone file `anyhost`: its serial, its blocks in file order, its end marker where it has one. */
export interface AnyhostZone {
  readonly serial: number
  readonly blocks: readonly ZoneBlock[]
  readonly end: EndMarker | null
}

/** What is wrong with one line, from 1. */
export interface ZoneFault {
  readonly line: number
  readonly reason: string
}

/** A parsed file. With faults it is not whole; its serial is 0 where the SOA record is one of them. */
export interface ParsedAnyhost extends AnyhostZone {
  readonly faults: readonly ZoneFault[]
}

/** Renders the file byte for byte as version 3.3 wrote it (formats 8.1, 8.2), and the end marker where there is one. */
export function renderAnyhost(zone: AnyhostZone): string {
  // joined a block at a time: 50,000 lines added up one by one are a tree of strings that takes 20 MB
  const blocks = zone.blocks.map(({ owner, lines }) => lines.map(line => renderLine(owner, line)).join(''))
  return [renderHeader(zone.serial), ...blocks, zone.end === null ? '' : renderEndMarker(zone.end)].join('')
}

/** The end marker as a line: fewer than ten fields, so that readers of the legacy form pass over it. */
export function renderEndMarker({ domains, active, reason, mass, sha256 }: EndMarker): string {
  const since = mass === null ? '' : ` mass=${mass}`
  return `; end domains=${domains} active=${active} reason=${reason}${since} sha256=${sha256}\n`
}

/**
 * Reads the file, whoever wrote it: 3.3, its forerunner (times `inf`, `0`, `0.5s`, addresses not padded) or the
 * prototypes (lines of four fields). Pure, so without the checksum: `sealFault` of lib/origin/zone-checksum.ts has it.
 */
export function parseAnyhost(text: string): ParsedAnyhost {
  const blocks: { readonly owner: string; readonly lines: ZoneLine[] }[] = []
  const rest = scanAnyhost(text, (owner, line) => {
    const last = blocks.at(-1)
    if (last?.owner === owner) last.lines.push(line)
    else blocks.push({ owner, lines: [line] })
  })
  return { ...rest, blocks }
}

/** Reads the file like `parseAnyhost`, and keeps no line: each is handed over, with its owner as written. */
export function scanAnyhost(text: string, take: State['take']): Omit<ParsedAnyhost, 'blocks'> {
  const state: State = { take, faults: [], line: 0, inHeader: false, header: '', end: null }
  for (let from = 0; from < text.length; ) {
    const at = text.indexOf('\n', from)
    state.line++
    takeLine(state, text.slice(from, at < 0 ? text.length : at))
    if (at < 0) fault(state, 'the line has no end: the file was cut short')
    from = at < 0 ? text.length : at + 1
  }
  if (state.inHeader) fault(state, `the header has no closing '${RULE}' line`)
  const serial = Number(SOA.exec(state.header)?.[1])
  if (!(serial <= SERIAL_MOST)) fault(state, 'no SOA record with a serial in the header')
  const { end, faults } = state
  return { serial: serial <= SERIAL_MOST ? serial : 0, end, faults }
}

function renderHeader(serial: number): string {
  const numbers = [serial, 7000, 3000, 15000, 86400].map(number => `\t\t${number};\n`).join('')
  return `;-----\n$TTL 60\n$ORIGIN .\n@ IN SOA ns1 root.localhost. (\n${numbers}\t\t);\n@ 86400 IN NS ns1\nns1 86400 IN A 127.0.0.1\n;-----\n`
}

function renderLine(owner: string, line: ZoneLine): string {
  const name = line.active ? owner.padEnd(24) : `;${owner.padEnd(23)}`
  if (line.rr === 'CNAME') return `${name} IN      CNAME   ${line.target}\n`
  const head = `${name} IN      ${line.rr.padEnd(7)} `
  if (line.measure === null) return `${head}${line.address}\n`
  const { time, kind, status, code, slow } = line.measure
  const seconds = time === Number.POSITIVE_INFINITY ? 'inf' : time.toFixed(6)
  return `${head}${line.address.padEnd(15)} ; ${seconds} ${kind} ${status} ${code} ${slow ? 'Y' : 'N'}\n`
}

/** A line that starts so toggles between header and records, for every reader there is. */
const RULE = ';-----'
const END =
  /^; end domains=(\d{1,9}) active=(\d{1,9}) reason=([a-z-]{1,32})(?: mass=(\d{1,10}))? sha256=([0-9a-f]{64})$/
const SOA = /(?:^|\s)SOA\s+\S+\s+\S+\s+\(?\s*(\d{1,10})(?!\S)/
const PLAIN = /^(\S+) +(IN) +(A) +(\S+) +(;) (\S+) (\S+) (\S+) (\S+) (\S+)$/
const TIME = /^(?:inf|\d{1,9}(?:\.\d{1,9})?s?)$/

interface State {
  readonly take: (owner: string, line: ZoneLine) => void
  readonly faults: ZoneFault[]
  line: number
  inHeader: boolean
  /** The header without its comments, to find the serial in. */
  header: string
  end: EndMarker | null
}

function takeLine(state: State, text: string): void {
  if (state.end !== null && text.trim() !== '') fault(state, 'text after the end marker')
  if (text.startsWith(RULE)) state.inHeader = !state.inHeader
  else if (text.startsWith('; end ')) takeEnd(state, text)
  else if (text.startsWith(';')) takeComment(state, text)
  else takeRecord(state, text)
}

function takeEnd(state: State, text: string): void {
  const [whole, domains, active, reason = '', serial, sha256 = ''] = END.exec(text) ?? []
  const mass = serial === undefined ? null : Number(serial)
  if (whole === undefined || (mass !== null && mass > SERIAL_MOST)) fault(state, 'the end marker is damaged')
  else state.end = { domains: Number(domains), active: Number(active), reason, mass, sha256 }
}

/** A commented record line has ten fields and its owner glued to the semicolon; all else is a comment for people. */
function takeComment(state: State, text: string): void {
  const fields = fieldsOf(text.slice(1).trimEnd())
  const [owner = '', internet, rr] = fields
  if (fields.length !== 10 || owner === '' || internet !== 'IN') return
  const line = toAddressLine(rr, fields, false)
  if (typeof line !== 'string') state.take(owner, line)
}

function takeRecord(state: State, text: string): void {
  const fields = fieldsOf(text.trim())
  const [owner = '', second = '', rr] = fields
  if (owner === '' || (owner === '$TTL' && /^\d+;?$/.test(second)) || (owner === '$ORIGIN' && second === '.')) return
  if (owner.startsWith('$')) {
    fault(state, `'${text.trim()}' has no place here`)
    return
  }
  // 2.x keeps records of hosts it does not know inside the header
  if (state.inHeader && (second !== 'IN' || rr === 'SOA' || rr === 'NS' || /^ns1\.?$/.test(owner))) {
    state.header += `${text.replace(/;.*/, '')} `
    return
  }
  const line = toLine(fields)
  if (typeof line === 'string') fault(state, line)
  else state.take(owner, line)
}

/** The lines of our own writer in one match, which is twice as fast as a split; all others by blanks. */
function fieldsOf(text: string): readonly string[] {
  const match = PLAIN.exec(text)
  return match === null ? text.split(/\s+/) : match.slice(1)
}

function toLine(fields: readonly string[]): ZoneLine | string {
  const [, internet, rr, target = ''] = fields
  if (internet !== 'IN') return 'the second field is not IN'
  if (rr !== 'CNAME') return toAddressLine(rr, fields, true)
  return fields.length === 4 ? { rr, active: true, target } : `a CNAME line has 4 fields, not ${fields.length}`
}

function toAddressLine(rr: string | undefined, fields: readonly string[], active: boolean): AddressLine | string {
  const [, , , address = '', semicolon, time = '', kind, status, code = '', flag] = fields
  if (rr !== 'A' && rr !== 'AAAA') return `the type '${rr ?? ''}' is none of A, AAAA, CNAME`
  if (!(rr === 'A' ? isIpv4(address) : isIpv6(address))) return `'${address}' is no address for ${rr}`
  if (fields.length === 4) return { rr, active, address, measure: null }
  if (fields.length !== 10 || semicolon !== ';') return `an ${rr} line has 10 fields, or 4, not ${fields.length}`
  const word = STATUSES.find(word => word === status)
  if (!TIME.test(time)) return `the time '${time}' is not a number of seconds`
  if (kind !== 'ip' && kind !== 'backup') return `the kind '${kind ?? ''}' is not ip or backup`
  if (word === undefined) return `the status '${status ?? ''}' is none of ${STATUSES.join(', ')}`
  if (!/^\d{3}$/.test(code)) return `the code '${code}' is not three digits`
  if (flag !== 'Y' && flag !== 'N') return `the flag '${flag ?? ''}' is not Y or N`
  const seconds = time === 'inf' ? Number.POSITIVE_INFINITY : Number.parseFloat(time)
  return { rr, active, address, measure: { time: seconds, kind, status: word, code, slow: flag === 'Y' } }
}

function fault(state: State, reason: string): void {
  state.faults.push({ line: state.line, reason })
}
