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
import { isDomainName, isIpv4 } from './names.ts'

/** An extra request header for one host; it replaces the built-in header of that name. */
export interface HostHeader {
  readonly host: string
  readonly name: string
  readonly value: string
}

/** The settings of the legacy prober (formats 6); what the file does not say has its default. */
export interface DetectorigConf {
  readonly headers: readonly HostHeader[]
  /** Write the zone file and reload. */
  readonly result: boolean
  /** Measure equal requests once and share them. */
  readonly central: boolean
  /** Delete old link.data files. */
  readonly cleanup: boolean
  /** How long link.data files are kept, in seconds. */
  readonly savetime: number
  /** Stop probing when the run lasts longer, in seconds. */
  readonly killtime: number
  /** New connections at a time. */
  readonly travel: number
  /** Milliseconds. */
  readonly epollwait: number
  /** File descriptors. */
  readonly rlimit: number
  /** The script that reloads named. */
  readonly dnsservice: string
  readonly faults: readonly ConfFault[]
}

type Settings = Omit<DetectorigConf, 'headers' | 'faults'>

const DEFAULTS: Settings = {
  result: false,
  central: false,
  cleanup: true,
  savetime: 86400,
  killtime: 300,
  travel: 35,
  epollwait: 15,
  rlimit: 344_800,
  dnsservice: '/etc/init.d/named',
}

/** Reads detectorig.conf: `keyword = value;`, and `header { "host" "name" "value" }` too, on one line or several. */
export function parseDetectorigConf(input: ConfInput, file: string | null): DetectorigConf {
  const headers: HostHeader[] = []
  const faults: ConfFault[] = []
  const settings: { -readonly [K in keyof Settings]: Settings[K] } = { ...DEFAULTS }
  let open: number | undefined
  for (const { line, text } of toConfLines(input)) {
    const remarks = new Remarks()
    const content = text === undefined || isTooLong(text) ? undefined : contentOf(text)
    if (text === undefined || isTooLong(text)) remarks.error(TOO_LONG)
    if (content !== undefined) {
      const block = open === undefined ? /^header\s*\{(.*)$/.exec(content)?.[1] : content
      if (block === undefined) Object.assign(settings, parseSetting(content, headers, remarks))
      else open = parseBlock(block, headers, remarks) ? undefined : (open ?? line)
    }
    for (const remark of remarks.list) faults.push({ file, line, ...remark })
  }
  if (open !== undefined)
    faults.push({ file, line: open, severity: 'error', reason: "header { is never closed by '}'" })
  return { headers, ...settings, faults }
}

/** Text of a brace form up to its end: true when the brace is closed in it. */
function parseBlock(text: string, headers: HostHeader[], remarks: Remarks): boolean {
  const match = /^((?:[^"}]|"[^"]*")*)(\}\s*;?)?(.*)$/.exec(text)
  if (match?.[3] !== '') remarks.error(`header has more than quoted strings: ${quote(match?.[3] ?? text)}`)
  else if ((match[1] ?? '').trim() !== '') takeHeader((match[1] ?? '').trim().replace(/;$/, ''), headers, remarks)
  return match?.[2] !== undefined
}

function parseSetting(content: string, headers: HostHeader[], remarks: Remarks): Partial<Settings> {
  const match = /^([A-Za-z_]\w*)\s*=(.*)$/.exec(content)
  if (match === null) {
    remarks.error(`is not 'keyword = value;': ${quote(content)}`)
    return {}
  }
  const keyword = match[1] ?? ''
  const value = (match[2] ?? '').trim().replace(/;$/, '').trimEnd()
  switch (keyword) {
    case 'header':
      takeHeader(value, headers, remarks)
      return {}
    case 'result':
    case 'central':
    case 'cleanup':
      return toSwitch(keyword, value, remarks)
    case 'savetime':
      return toSavetime(value, remarks)
    case 'killtime':
    case 'travel':
    case 'epollwait':
    case 'rlimit':
      return toNumber(keyword, value, remarks)
    case 'dnsservice':
      return { dnsservice: value }
    default:
      return {} // unknown keywords were ignored, and files in the field have some
  }
}

/** `"host" "name" "value"`: a header that would end the message early, or change its framing, is refused. */
function takeHeader(text: string, headers: HostHeader[], remarks: Remarks): void {
  const match = /^"([^"]*)"\s*"([^"]*)"\s*"([^"]*)"$/.exec(text)
  if (match === null) return void remarks.error(`header is not '"host" "name" "value"': ${quote(text)}`)
  const [, host = '', name = '', value = ''] = match
  if (!isDomainName(host) && !isIpv4(host)) remarks.error(`header has no legal host: ${quote(host)}`)
  else if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) remarks.error(`header has no legal name: ${quote(name)}`)
  else if (/^(?:content-length|transfer-encoding|connection)$/i.test(name)) {
    remarks.error(`header ${quote(name)} is the prober's own`)
  } else if (!/^[\t\x20-\x7e]*$/.test(value)) remarks.error(`header ${quote(name)} has a value that is not ASCII`)
  else headers.push({ host, name, value })
}

function toSwitch(keyword: 'result' | 'central' | 'cleanup', value: string, remarks: Remarks): Partial<Settings> {
  if (/^(?:on|off)$/i.test(value)) return { [keyword]: value.toLowerCase() === 'on' }
  remarks.error(`${keyword} is neither on nor off: ${quote(value)}`)
  return {}
}

function toNumber(
  keyword: 'killtime' | 'travel' | 'epollwait' | 'rlimit',
  value: string,
  remarks: Remarks,
): Partial<Settings> {
  if (/^\d{1,9}$/.test(value)) return { [keyword]: Number(value) }
  remarks.error(`${keyword} is not a whole number: ${quote(value)}`)
  return {}
}

/** A number without a unit is a minute, whatever the number; so is anything shorter. */
function toSavetime(value: string, remarks: Remarks): Partial<Settings> {
  const match = /^(\d{1,9})([smhd]?)$/.exec(value)
  if (match !== null) return { savetime: Math.max(60, Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0)) }
  remarks.error(`savetime is not a number with s, m, h or d: ${quote(value)}`)
  return {}
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 }
