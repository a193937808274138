import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CommandError, reasonOf } from '../errors.ts'
import {
  CONFIG_BYTES,
  type ConfigFault,
  notRead,
  type ParsedConfig,
  parseAgentText,
} from '../model/agent-config-parse.ts'

/** One file of a configuration and what was understood of it. */
export interface ConfigFile {
  /** Its path. */
  readonly file: string
  readonly parsed: ParsedConfig
}

const SUFFIX = '.json'

/** Room for one file and a byte more: files are read one after the other. */
const room = Buffer.allocUnsafe(CONFIG_BYTES + 1)

/**
 * Reads every `*.json` of a directory, sorted by name, but for hidden ones (B1); of several files of one agent the
 * first counts (B8). Throws 'config' where the directory cannot be read.
 */
export function readConfigDir(dir: string): readonly ConfigFile[] {
  return ignoreRepeats(namesIn(dir).map(name => readConfigFile(join(dir, name))))
}

/**
 * Files in their order: one whose agent another has named before it is left with neither configuration nor fault, but a
 * warning (B8), also where the one before has a fault: to break a file puts no other in its place.
 */
export function ignoreRepeats(files: readonly ConfigFile[]): readonly ConfigFile[] {
  const first = new Map<string, string>()
  const pidfiles = new Map<string, string>()
  return files.map(({ file, parsed }) => {
    if (parsed.name === null) return { file, parsed }
    const before = first.get(parsed.name)
    if (before !== undefined) return { file, parsed: ignored(parsed.name, before) }
    first.set(parsed.name, file)
    return { file, parsed: withPidfileWarning(parsed, pidfiles) }
  })
}

/** Reads one file (B1); what cannot be read is a fault of it. A base name other than that of the agent is a warning (B8). */
export function readConfigFile(path: string): ConfigFile {
  const parsed = parseFile(path)
  const base = baseOf(path)
  if (parsed.name === null || parsed.name === base) return { file: path, parsed }
  const warning = { field: 'name', reason: `'${parsed.name}' should be in a file '${parsed.name}${SUFFIX}'` }
  return { file: path, parsed: { ...parsed, warnings: [...parsed.warnings, warning] } }
}

/** The agent that a file is about: the one it names, or, where that cannot be read, the one of its base name (B8). */
export function agentOf({ file, parsed }: ConfigFile): string {
  return parsed.name ?? baseOf(file)
}

/** A fault or a warning as a person reads it: `FILE: FIELD: what is wrong` (B13). */
export function renderFault(file: string, { field, reason }: ConfigFault): string {
  return field === '' ? `${file}: ${reason}` : `${file}: ${field}: ${reason}`
}

function baseOf(path: string): string {
  return basename(path, SUFFIX)
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
      .filter(name => name.endsWith(SUFFIX) && !name.startsWith('.'))
      .sort()
  } catch (error) {
    throw new CommandError('config', `unable to read '${dir}': ${reasonOf(error)}`, { cause: error })
  }
}

function ignored(agent: string, before: string): ParsedConfig {
  const warning = { field: 'name', reason: `'${agent}' has '${before}' already: this file is ignored` }
  return { config: null, name: null, faults: [], warnings: [warning] }
}

/** Of two `fork` agents with one pid file each would take the other's process for its own (B16). */
function withPidfileWarning(parsed: ParsedConfig, pidfiles: Map<string, string>): ParsedConfig {
  const { config, warnings } = parsed
  if (config === null || config.type !== 'fork' || config.pidfile === null) return parsed
  const other = pidfiles.get(config.pidfile)
  if (other === undefined) {
    pidfiles.set(config.pidfile, config.name)
    return parsed
  }
  const warning = { field: 'pidfile', reason: `'${config.pidfile}' is that of agent '${other}' too` }
  return { ...parsed, warnings: [...warnings, warning] }
}

function parseFile(path: string): ParsedConfig {
  try {
    const { bytes, open } = readBytes(path)
    if (bytes.length > CONFIG_BYTES) return notRead({ field: '', reason: `is larger than ${CONFIG_BYTES} bytes` })
    const text = bytes.toString()
    if (!Buffer.from(text).equals(bytes)) return notRead({ field: '', reason: 'is not in UTF-8' })
    const parsed = parseAgentText(text)
    if (!open) return parsed
    const warning = { field: '', reason: 'may be written by every user, who may so run anything as the agent does' }
    return { ...parsed, warnings: [...parsed.warnings, warning] }
  } catch (error) {
    return notRead({ field: '', reason: `cannot be read: ${reasonOf(error)}` })
  }
}

/** The start of a file, one byte more than it may have; `open`: others may write it. Never waits for a pipe. */
function readBytes(path: string): { readonly bytes: Buffer; readonly open: boolean } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new Error('not a regular file')
    let length = 0
    for (let more = -1; more !== 0 && length < room.length; length += more) {
      more = readSync(fd, room, length, room.length - length, null)
    }
    return { bytes: room.subarray(0, length), open: (stats.mode & 0o002) !== 0 }
  } finally {
    closeSync(fd)
  }
}
