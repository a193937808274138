import { STOP_SIGNALS, type StopSignal } from './agent-config.ts'
import { type Rule, shown, toObject, type Verdict } from './agent-config-fields.ts'
import { toWords } from './command-line.ts'

/** The longest name of an agent and the longest command line, in bytes (B8, B14). */
const NAME_LIMIT = 50
const EXEC_LIMIT = 255

/** The longest path the kernel takes, and the longest of a Unix socket, in bytes. */
const PATH_LIMIT = 4095
const SOCKET_PATH_LIMIT = 107

/** An agent of this name would have the log, the pid file or the group of the daemon itself. */
const DAEMON_NAME = 'BootAgent'

const CONTROLS = /[\p{Cc}\p{Cs}]/u

/** Rule: `true` or `false`, and no word that looks like one. */
export function toFlag(value: unknown): Verdict<boolean> {
  return typeof value === 'boolean' ? { value } : { reason: `must be true or false, not ${shown(value)}` }
}

/** The rule of a number with bounds. */
export function toNumber(least: number, most: number): Rule<number> {
  return value =>
    typeof value === 'number' && value >= least && value <= most
      ? { value }
      : { reason: `must be a number from ${least} to ${most}, not ${shown(value)}` }
}

/** The rule of a whole number with bounds. */
export function toInteger(least: number, most: number): Rule<number> {
  return value =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? { value }
      : { reason: `must be a whole number from ${least} to ${most}, not ${shown(value)}` }
}

/** The rule of a word out of a list. */
export function toWord<W extends string>(words: readonly [W, W, ...W[]]): Rule<W> {
  const wish = words
    .map(word => `'${word}'`)
    .join(', ')
    .replace(/, (?='\w+'$)/, ' or ')
  return value => {
    const word = words.find(word => word === value)
    return word === undefined ? { reason: `must be ${wish}, not ${shown(value)}` } : { value: word }
  }
}

/** Rule: the name of an agent (B8). */
export function toAgentName(value: unknown): Verdict<string> {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]+$/.test(value) || value.length > NAME_LIMIT) {
    return { reason: `must be 1 to ${NAME_LIMIT} letters, digits, '_' and '-', not ${shown(value)}` }
  }
  return value === DAEMON_NAME ? { reason: `'${DAEMON_NAME}' is the daemon itself` } : { value }
}

/** Rule: a version, printable ASCII without blanks. */
export function toVersion(value: unknown): Verdict<string> {
  if (typeof value === 'string' && /^[!-~]{1,64}$/.test(value)) return { value }
  return { reason: `must be 1 to 64 printable characters without blanks, not ${shown(value)}` }
}

/** A command line and its words. */
export interface CommandLine {
  readonly exec: string
  readonly argv: readonly [string, ...string[]]
}

/** Rule: a command line whose first word is an absolute path (B14). */
export function toCommandLine(value: unknown): Verdict<CommandLine> {
  const text = toText(value, EXEC_LIMIT)
  if ('reason' in text) return text
  const words = wordsOf(text.value)
  if ('reason' in words) return words
  const [program = '', ...rest] = words.value
  if (!isPath(program)) return { reason: `the first word must be an absolute path, not ${shown(program)}` }
  return { value: { exec: text.value, argv: [program, ...rest] } }
}

function wordsOf(text: string): Verdict<readonly string[]> {
  try {
    return { value: toWords(text) }
  } catch (error) {
    return { reason: error instanceof Error && error.message.endsWith('open') ? 'a quote is left open' : 'is empty' }
  }
}

/** Rule: an absolute path of a file. */
export function toFilePath(value: unknown): Verdict<string> {
  return toPath(value, PATH_LIMIT)
}

/** Rule: an absolute path of a Unix socket. */
export function toSocketPath(value: unknown): Verdict<string> {
  return toPath(value, SOCKET_PATH_LIMIT)
}

function toPath(value: unknown, limit: number): Verdict<string> {
  const text = toText(value, limit)
  if ('reason' in text || isPath(text.value)) return text
  return { reason: `must be an absolute path of a file, not ${shown(value)}` }
}

function isPath(text: string): boolean {
  return text.startsWith('/') && !text.endsWith('/')
}

/** Rule: the name of a user or a group, as passwd(5) can hold it. */
export function toAccountName(value: unknown): Verdict<string> {
  const text = toText(value, 255)
  if ('reason' in text || /^[^-:,/][^:,/]*$/.test(text.value)) return text
  return { reason: `must be a name, not ${shown(value)}` }
}

function toText(value: unknown, limit: number): Verdict<string> {
  if (typeof value !== 'string') return { reason: `must be a string, not ${shown(value)}` }
  if (value === '') return { reason: 'is empty' }
  if (CONTROLS.test(value)) return { reason: `holds control characters: ${shown(value)}` }
  const bytes = Buffer.byteLength(value)
  return bytes <= limit ? { value } : { reason: `is longer than ${limit} bytes: ${bytes}` }
}

/** Rule: the variables of an environment (B18). Names as sh has them: dash drops all others. */
export function toEnvironment(value: unknown): Verdict<Readonly<Record<string, string>>> {
  const object = toObject(value)
  if ('reason' in object) return object
  const entries: [string, string][] = []
  for (const [name, text] of Object.entries(object.value)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { reason: `${shown(name)} is no name of a variable` }
    if (typeof text !== 'string') return { reason: `${name} must be a string, not ${shown(text)}` }
    if (text.includes('\0')) return { reason: `${name} holds a NUL` }
    entries.push([name, text])
  }
  return { value: Object.fromEntries(entries) }
}

/** Rule: a signal, with or without SIG, in any case (B22). */
export function toStopSignal(value: unknown): Verdict<StopSignal> {
  const name = typeof value === 'string' ? value.toUpperCase().replace(/^(?!SIG)/, 'SIG') : ''
  const signal = STOP_SIGNALS.find(signal => signal === name)
  if (signal !== undefined) return { value: signal }
  return { reason: `must be one of TERM, HUP, INT, QUIT, KILL, USR1 and USR2, not ${shown(value)}` }
}

/** Rule: a comma list of exit statuses, `0,9` (B23). */
export function toExitCodes(value: unknown): Verdict<readonly number[]> {
  const words = typeof value === 'string' ? value.split(',').map(word => word.trim()) : []
  const codes = words.map(word => (/^\d{1,3}$/.test(word) ? Number(word) : 256))
  if (codes.length > 0 && codes.every(code => code <= 255)) return { value: [...new Set(codes)] }
  return { reason: `must be a string of exit statuses from 0 to 255 between commas, not ${shown(value)}` }
}
