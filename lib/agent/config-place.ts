import { constants, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import { parseAgentText } from '../model/agent-config-parse.ts'
import { removeNow, replaceNow } from '../sys/replace-now.ts'
import type { Places } from './places.ts'
import type { Supervisor } from './supervisor.ts'

/** Where the configuration of an agent stands, or would: the file that it came from, else NAME.json in the directory (B8). */
export function configPathOf(name: string, supervisor: Supervisor, { conf }: Places): string {
  return supervisor.units.get(name)?.file ?? join(conf, `${name}.json`)
}

/** The text of a file; null: there is none. Throws 'io' or 'permission'. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK }) // a pipe is empty
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw toCommandError(`read '${path}'`, error)
  }
}

/** The text of the configuration of an agent; null: there is none, or the file is that of another agent. Throws as readText. */
export function readConfig(path: string, name: string): string | null {
  const text = readText(path)
  return text === null || ownerOf(text, name) !== name ? null : text
}

/**
 * Writes the configuration of an agent, whole (B6); a file that is there keeps its mode. Throws 'no' where the file is that
 * of another agent, 'io' or 'permission'; the old file stays then.
 */
export function writeConfig(path: string, name: string, text: string, tmp: string): void {
  const old = readText(path)
  const owner = old === null ? name : ownerOf(old, name)
  if (owner !== name) throw new CommandError('no', `'${path}' is the configuration of agent '${owner}'`)
  replaceNow(path, text, tmp, old === null ? 0o644 : statSync(path).mode & 0o777)
}

/** Removes the configuration of an agent; where there is none, or that of another agent, nothing. Throws 'io' or 'permission'. */
export function removeConfig(path: string, name: string): void {
  if (readConfig(path, name) !== null) removeNow(path)
}

/** The agent that a text is about: the one whose file it is, where it names none. */
function ownerOf(text: string, name: string): string {
  return parseAgentText(text).name ?? name
}
