import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { errnoOf, toCommandError } from '../../errors.ts'
import type { DampingState } from '../../model/damping-state.ts'
import { replaceFile } from '../../sys/atomic-file.ts'
import { EMPTY_STATE, type ParsedState, parseState, renderState } from './state.ts'

const PIECE_BYTES = 64 * 1024

/** Reads the state file; one that is not there is the state before the first round. Throws 'data', 'io', 'permission'. */
export function readState(path: string): ParsedState {
  try {
    return parseState(readPieces(path), path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { state: EMPTY_STATE, fault: null }
    throw toCommandError(`read '${path}'`, error)
  }
}

/** Replaces the state file: whoever is killed at any moment leaves the old one or the new one, whole. */
export async function writeState(path: string, state: DampingState): Promise<void> {
  await replaceFile(path, renderState(state), { mode: 0o640 })
}

/** The text of a file, never more of it in memory than one piece. */
function* readPieces(path: string): Generator<string> {
  const file = openSync(path, 'r')
  try {
    const decoder = new StringDecoder('utf8')
    const buffer = Buffer.allocUnsafe(PIECE_BYTES)
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      yield decoder.write(buffer.subarray(0, size))
    }
    yield decoder.end()
  } finally {
    closeSync(file)
  }
}
