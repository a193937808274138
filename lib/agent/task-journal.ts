import { constants, readFileSync } from 'node:fs'
import { errnoOf, reasonOf } from '../errors.ts'
import { removeNow, replaceNow } from '../sys/replace-now.ts'
import type { JournalEntry } from './task-deeds.ts'

/** Configurations stand in it. */
const MODE = 0o600

/** Writes what is needed to go back, on the disk when it returns; null: there is nothing to go back from. Throws 'io'. */
export function writeEntry(path: string, tmp: string, entry: JournalEntry | null): void {
  if (entry === null) removeNow(path)
  else replaceNow(path, `${JSON.stringify(entry)}\n`, tmp, MODE)
}

/** What an agent-spawn that was killed in the midst of a task has left; null: nothing. `warn` is told of what is no entry. */
export function readEntry(path: string, warn: (text: string) => void): JournalEntry | null {
  let text: string
  try {
    text = readFileSync(path, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK })
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') warn(`unable to read '${path}': ${reasonOf(error)}`)
    return null
  }
  const entry = parseEntry(text)
  if (entry === null) warn(`'${path}' is not understood: what was begun is not gone back from`)
  return entry
}

/** Reads an entry; null: it is none. Pure. */
export function parseEntry(text: string): JournalEntry | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const fields: Readonly<Record<string, unknown>> = { ...value }
  const { id, name, from, to, foreign, config, next, ran, force, phase } = fields
  if (typeof id !== 'string' || typeof name !== 'string') return null
  if (!isText(from) || !isText(to) || !isText(config) || !isText(next)) return null
  if (
    typeof foreign !== 'boolean' ||
    typeof ran !== 'boolean' ||
    typeof force !== 'boolean' ||
    (phase !== 'begun' && phase !== 'watched')
  )
    return null
  return { id, name, from, to, foreign, config, next, ran, force, phase }
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
