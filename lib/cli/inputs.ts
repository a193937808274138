import { createReadStream, readSync } from 'node:fs'
import { errnoOf, toCommandError } from '../errors.ts'

/** One input of a filter; `file` is undefined for standard input. */
export interface Input {
  readonly file: string | undefined
  readonly stream: AsyncIterable<Uint8Array>
}

/** The operands as inputs, in order; `-`, or no operand at all, is standard input. Reading a missing file throws. */
export function toInputs(operands: readonly string[]): readonly Input[] {
  const names = operands.length === 0 ? ['-'] : operands
  return names.map(name =>
    name === '-' ? { file: undefined, stream: process.stdin } : { file: name, stream: readLazily(name) },
  )
}

/** Opened when its turn comes, so that a later file that is missing does not end the work on an earlier one. */
async function* readLazily(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path)
  } catch (error) {
    // A failing read (of a directory, of a bad disk) does not tell the path, as a failing open does.
    throw error instanceof Error && 'path' in error ? error : toCommandError(`read '${path}'`, error)
  }
}

/**
 * Standard input by reads that wait: for a command that has nothing else to do until its end, and is started so often that
 * what a stream of Node's takes to load, a fifth of an empty program, is worth saving.
 */
export async function* readStdin(): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(STDIN_PIECE)
      const size = readSync(0, piece)
      if (size === 0) return
      yield piece.subarray(0, size)
    }
  } catch (error) {
    if (errnoOf(error) !== 'EAGAIN') throw toCommandError('read standard input', error)
    yield* process.stdin // whoever has it too has set it so that reads do not wait
  }
}

const STDIN_PIECE = 64 * 1024
