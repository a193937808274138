import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from '../errors.ts'
import type { Place } from './place.ts'
import type { Rate } from './rate.ts'
import type { Manners } from './source.ts'

/** One file that is to be fetched. */
export interface Order {
  readonly url: string
  /** A file or a directory. */
  readonly output: string
  /** SHA-256 in lower-case hexadecimal; null: whatever comes is taken. */
  readonly sha256: string | null
  readonly rate: Rate
}

/** How files are fetched. */
export interface FetchSettings extends Manners {
  /** Takes up what an earlier attempt left, and leaves something for the next one. */
  readonly resume: boolean
  readonly connections: number
  /** The largest file that is taken, in bytes. */
  readonly limit: number
  /** Told after each piece. */
  readonly progress: (place: Place, bytes: number, size: number | null) => void
}

/** Reads a checksum as tasks carry it, `SHA256:` and 64 hexadecimal digits; returns the digits in lower case. Throws 'data'. */
export function parseChecksum(text: string): string {
  const match = /^([A-Za-z0-9-]{1,20}):(.*)$/s.exec(text)
  if (match === null) throw new CommandError('data', `the checksum is not of the form SHA256:HEX`)
  const name = (match[1] ?? '').toUpperCase()
  if (name !== 'SHA256' && name !== 'SHA-256')
    throw new CommandError('data', `a checksum by ${name}: only SHA256 is known`)
  if (!/^[0-9a-f]{64}$/i.test(match[2] ?? ''))
    throw new CommandError('data', 'the checksum is not 64 hexadecimal digits')
  return (match[2] ?? '').toLowerCase()
}

/** True where it is one, or says so by a slash at its end. */
export async function isDirectory(output: string): Promise<boolean> {
  return output.endsWith('/') || ((await stat(output).catch(() => undefined))?.isDirectory() ?? false)
}

/** The path a file goes to: `output`, or in it where that is a directory, by the name in the URL. Throws 'usage'. */
export async function pathOf(output: string, place: Place): Promise<string> {
  if (!(await isDirectory(output))) return output
  const { name } = place
  if (name === '' || name === '.' || name === '..' || name.includes('/')) {
    throw new CommandError('usage', 'its URL names no file: give one with -o')
  }
  return join(output, name)
}
