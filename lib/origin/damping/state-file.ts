import { readFile } from 'node:fs/promises'
import { errnoOf, toCommandError } from '../../errors.ts'
import type { DampingState } from '../../model/damping-state.ts'
import { replaceFile } from '../../sys/atomic-file.ts'
import { EMPTY_STATE, type ParsedState, parseState, renderState } from './state.ts'

/** Reads the state file; one that is not there is the state before the first round. Throws 'data', 'io', 'permission'. */
export async function readState(path: string): Promise<ParsedState> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { state: EMPTY_STATE, fault: null }
    throw toCommandError(`read '${path}'`, error)
  }
  return parseState(text, path)
}

/** Replaces the state file: whoever is killed at any moment leaves the old one or the new one, whole. */
export async function writeState(path: string, state: DampingState): Promise<void> {
  await replaceFile(path, renderState(state), { mode: 0o640 })
}
