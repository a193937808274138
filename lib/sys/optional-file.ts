import { readFile } from 'node:fs/promises'
import { errnoOf, toCommandError } from '../errors.ts'

/** Reads a file that may not be there yet; null: it is not. Throws 'io' or 'permission'. */
export async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw toCommandError(`read '${path}'`, error)
  }
}
