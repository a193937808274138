import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { toCommandError } from '../errors.ts'
import { AlertState } from '../model/alert-state.ts'
import { checkOf } from '../model/check.ts'
import { replaceFile } from '../sys/atomic-file.ts'
import { readOptional } from '../sys/optional-file.ts'

const EMPTY: AlertState = { type: 'alert-state', version: 1, alerts: {} }

/** Where the state is kept unless told otherwise: /var/lib for root, the state directory of XDG for others. */
export function defaultStatePath(): string {
  if (process.geteuid?.() === 0) return '/var/lib/fleetutils/mail-alert.json'
  const state = process.env['XDG_STATE_HOME'] ?? ''
  return join(state.startsWith('/') ? state : join(homedir(), '.local/state'), 'fleetutils/mail-alert.json')
}

/**
 * Reads the state file; one that is missing is empty, as is one that cannot be understood, of which `torn` is told: an
 * alert too many is better than none. Throws 'io' or 'permission'.
 */
export async function loadAlertState(path: string, torn: (reason: string) => void): Promise<AlertState> {
  const text = await readOptional(path)
  if (text === null) return EMPTY
  try {
    return checkOf(AlertState)(JSON.parse(text))
  } catch (error) {
    torn(error instanceof SyntaxError ? 'not JSON' : error instanceof Error ? error.message : String(error))
    return EMPTY
  }
}

/** Writes the state file atomically, readable by its owner, its directory made where it is missing. */
export async function saveAlertState(path: string, state: AlertState): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  } catch (error) {
    throw toCommandError(`make '${dirname(path)}'`, error)
  }
  await replaceFile(path, `${JSON.stringify(state)}\n`, { mode: 0o600 })
}
