import type { AgentCgroup, AgentCheck, AgentConfig, AgentHeartbeat, AgentLimits } from './agent-config.ts'
import {
  type ConfigFault,
  type Fields,
  need,
  take,
  takeObject,
  toObject,
  warnOfUnknown,
} from './agent-config-fields.ts'
import {
  toAccountName,
  toAgentName,
  toCommandLine,
  toEnvironment,
  toExitCodes,
  toFilePath,
  toFlag,
  toInteger,
  toNumber,
  toSocketPath,
  toStopSignal,
  toVersion,
  toWord,
} from './agent-config-rules.ts'
import { toMatch } from './agent-match.ts'
import { scanJson } from './json-scan.ts'

export type { ConfigFault } from './agent-config-fields.ts'

/** One configuration as it was understood: null where there is a fault; warnings do not hinder. */
export interface ParsedConfig {
  readonly config: AgentConfig | null
  /** The agent it is about, where at least that can be read. */
  readonly name: string | null
  readonly faults: readonly ConfigFault[]
  readonly warnings: readonly ConfigFault[]
}

/** The largest file of a configuration, in bytes (B1). */
export const CONFIG_BYTES = 16 * 1024

/** Every field of a configuration, in the order of the man page. */
const FIELDS = [
  ...['name', 'version', 'exec', 'type', 'pidfile', 'user', 'group', 'envs', 'startsecs', 'autostart', 'single'],
  ...['stopsignal', 'stopsecs', 'stopasgroup', 'stopit', 'restartsecs', 'retries', 'exitcodes', 'autorestart'],
  ...['cgroup', 'limits', 'check', 'heartbeat', 'checks', 'checksecs', 'checkall'],
]

const DAY = 86_400
const toType = toWord(['simple', 'fork'])
const toRestart = toWord(['yes', 'no', 'unexpect'])
const toSeconds = toNumber(0, DAY)
const toInterval = toNumber(1, DAY)
const toRetries = toInteger(-1, 1000)
const toChecks = toInteger(1, 1000)
const toShare = toNumber(1, 10_000)
const toPercent = toNumber(1, 1_000_000)
const toDescriptors = toInteger(1, 1_000_000_000)
/** A terabyte times a thousand, in KB: still exact in bytes. */
const toMemory = toInteger(1, 1_000_000_000_000)

/** The defaults of B17 to B28 that are not null. */
const SECONDS = { start: { simple: 10, fork: 60 }, stop: 60, restart: 20, limits: 60, heartbeat: 60, check: 20 }
const FAILURES = { retries: 3, checks: 3 }

/** Looks at the text of one file (B1): a fault of field '' where it is too large or no JSON, with line and column. */
export function parseAgentText(text: string): ParsedConfig {
  if (Buffer.byteLength(text) > CONFIG_BYTES)
    return notRead({ field: '', reason: `is larger than ${CONFIG_BYTES} bytes` })
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  const { fault, repeated } = scanJson(json)
  if (fault !== null) return notRead({ field: '', reason: fault })
  const parsed = parseAgentConfig(JSON.parse(json))
  return repeated.length === 0 ? parsed : { ...parsed, config: null, faults: [...repeated, ...parsed.faults] }
}

/** Looks at one configuration: every fault at once, and every default filled in (B14 to B29, B69). Pure. */
export function parseAgentConfig(value: unknown): ParsedConfig {
  const object = toObject(value)
  if ('reason' in object) return notRead({ field: '', reason: object.reason })
  const fields: Fields = { values: object.value, prefix: '', faults: [], warnings: [] }
  const config = readConfig(fields)
  if (config.type === 'fork' && config.pidfile === null && !fields.faults.some(({ field }) => field === 'pidfile')) {
    fields.faults.push({ field: 'pidfile', reason: "is missing, and type 'fork' needs it" })
  }
  warnOfUnknown(fields, FIELDS)
  const { faults, warnings } = fields
  return { config: faults.length === 0 ? config : null, name: config.name || null, faults, warnings }
}

/** What is not even looked at. */
export function notRead(fault: ConfigFault): ParsedConfig {
  return { config: null, name: null, faults: [fault], warnings: [] }
}

function readConfig(fields: Fields): AgentConfig {
  const type = take(fields, 'type', toType, 'simple')
  const checksecs = take(fields, 'checksecs', toInterval, SECONDS.check)
  return {
    name: need(fields, 'name', toAgentName, ''),
    version: need(fields, 'version', toVersion, ''),
    ...need(fields, 'exec', toCommandLine, { exec: '', argv: [''] }),
    type,
    pidfile: take<string | null>(fields, 'pidfile', toFilePath, null),
    user: take<string | null>(fields, 'user', toAccountName, null),
    group: take<string | null>(fields, 'group', toAccountName, null),
    envs: take(fields, 'envs', toEnvironment, {}),
    startsecs: take(fields, 'startsecs', type === 'fork' ? toInterval : toSeconds, SECONDS.start[type]),
    autostart: take(fields, 'autostart', toFlag, false),
    single: take(fields, 'single', toFlag, true),
    stopsignal: take(fields, 'stopsignal', toStopSignal, 'SIGTERM'),
    stopsecs: take(fields, 'stopsecs', toSeconds, SECONDS.stop),
    stopasgroup: take(fields, 'stopasgroup', toFlag, true),
    stopit: take(fields, 'stopit', toFlag, false),
    restartsecs: take(fields, 'restartsecs', toSeconds, SECONDS.restart),
    retries: take(fields, 'retries', toRetries, FAILURES.retries),
    exitcodes: take(fields, 'exitcodes', toExitCodes, [0]),
    autorestart: readAutorestart(fields),
    cgroup: readCgroup(fields),
    limits: readLimits(fields),
    check: readCheck(fields, checksecs),
    heartbeat: readHeartbeat(fields),
    checks: take(fields, 'checks', toChecks, FAILURES.checks),
    checksecs,
    checkall: take(fields, 'checkall', toFlag, false),
  }
}

/** Any other value is `yes` (B23), which is better said. */
function readAutorestart(fields: Fields): AgentConfig['autorestart'] {
  const own: Fields = { ...fields, faults: [] }
  const word = take(own, 'autorestart', toRestart, 'yes')
  for (const { field, reason } of own.faults) fields.warnings.push({ field, reason: `${reason}: taken as 'yes'` })
  return word
}

function readCgroup(outer: Fields): AgentCgroup | null {
  const fields = takeObject(outer, 'cgroup')
  if (fields === null) return null
  const cpu = take<number | null>(fields, 'CPU', toShare, null)
  const mem = take<number | null>(fields, 'MEM', toMemory, null)
  warnOfUnknown(fields, ['CPU', 'MEM'])
  warnOfNone(fields, ['CPU', 'MEM'])
  return { cpu, mem }
}

function readLimits(outer: Fields): AgentLimits | null {
  const fields = takeObject(outer, 'limits')
  if (fields === null) return null
  const interval = take(fields, 'interval', toInterval, SECONDS.limits)
  const cpu = take<number | null>(fields, 'CPU', toPercent, null)
  const mem = take<number | null>(fields, 'MEM', toMemory, null)
  const fds = take<number | null>(fields, 'FDS', toDescriptors, null)
  warnOfUnknown(fields, ['interval', 'CPU', 'MEM', 'FDS'])
  warnOfNone(fields, ['CPU', 'MEM', 'FDS'])
  return cpu === null && mem === null && fds === null ? null : { interval, cpu, mem, fds }
}

function readCheck(outer: Fields, checksecs: number): AgentCheck | null {
  const fields = takeObject(outer, 'check')
  if (fields === null) return null
  const interval = take(fields, 'interval', toInterval, checksecs)
  const path = need(fields, 'path', toSocketPath, '')
  const match = need<AgentCheck['match']>(fields, 'match', toMatch, { kind: 'string', text: '' })
  warnOfUnknown(fields, ['interval', 'path', 'match'])
  return { interval, path, match }
}

function readHeartbeat(outer: Fields): AgentHeartbeat | null {
  const fields = takeObject(outer, 'heartbeat')
  if (fields === null) return null
  const interval = take(fields, 'interval', toInterval, SECONDS.heartbeat)
  const match = take<AgentHeartbeat['match']>(fields, 'match', toMatch, null)
  warnOfUnknown(fields, ['interval', 'match'])
  return { interval, match }
}

function warnOfNone(fields: Fields, limits: readonly string[]): void {
  if (limits.some(name => Object.hasOwn(fields.values, name))) return
  fields.warnings.push({
    field: fields.prefix.slice(0, -1),
    reason: `limits nothing: it has none of ${limits.join(', ')}`,
  })
}
