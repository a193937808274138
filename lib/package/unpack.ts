import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  createReadStream,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { ReadEntry } from 'tar/read-entry'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import {
  ARCHIVE_LIMITS,
  type ArchiveLimits,
  type ArchivePlan,
  type EntryDeed,
  emptyPlan,
  planEntry,
} from './archive-rules.ts'

/** What an archive has come to. */
export interface Unpacked {
  /** Each path with what stands there. */
  readonly entries: ArchivePlan['seen']
  /** Of the archive as it was read, in hexadecimal. */
  readonly sha256: string
  /** The files whose setuid or setgid bit was left out. */
  readonly dropped: readonly string[]
}

/**
 * Unpacks a tar.gz into an empty directory of our own that nobody else writes to, everything fsynced; owner is who runs
 * this, group and others get no right to write, nobody setuid or setgid (B49). What it leaves at an error is the
 * caller's to remove. Throws 'data' where the archive is bad or not wanted, else 'io' or 'permission'.
 */
export async function unpackArchive(path: string, into: string, limits = ARCHIVE_LIMITS): Promise<Unpacked> {
  const { Parser } = await import('tar/parse')
  const plan = emptyPlan()
  const dropped: string[] = []
  let isEnded = false
  // What comes out of gzip is no archive in a compressed form again.
  const parser = new Parser({ gzip: false, brotli: false, zstd: false })
  parser.on('entry', (entry: ReadEntry) => {
    const deed = inEntry(path, entry.path, () => planEntry(plan, entry, limits))
    if (deed?.make === 'file' && deed.dropped) dropped.push(deed.path)
    if (deed !== null) inEntry(path, entry.path, () => takeEntry(into, deed, entry))
    if (deed?.make !== 'file') entry.resume()
  })
  parser.on('ignoredEntry', (entry: ReadEntry) => inEntry(path, entry.path, () => planEntry(plan, entry, limits)))
  parser.on('warn', (_code: string, text: unknown) => refuse(path, text instanceof Error ? text.message : String(text)))
  parser.on('eof', () => {
    isEnded = true
  })
  const sha256 = await readBlocks(path, limits, blocks => isEnded || parser.write(blocks))
  if (!isEnded) refuse(path, 'it ends too early')
  if (plan.seen.size === 0) refuse(path, 'it is empty')
  syncDirectories(into, plan)
  return { entries: plan.seen, sha256, dropped }
}

/** Feeds the unzipped bytes on in whole blocks of tar; returns the sum of the packed ones. */
async function readBlocks(path: string, limits: ArchiveLimits, take: (blocks: Buffer) => unknown): Promise<string> {
  const hash = createHash('sha256')
  let packed = 0
  let unpacked = 0
  let rest: Buffer = Buffer.alloc(0)
  const gunzip = createGunzip()
  const input = createReadStream(path)
  input.on('error', error => gunzip.destroy(error))
  input.on('data', chunk => {
    hash.update(chunk)
    packed += chunk.length
  })
  try {
    for await (const chunk of input.pipe(gunzip)) {
      unpacked += chunk.length
      if (unpacked > limits.bytes) refuse(path, `it unpacks to more than ${limits.bytes} bytes`)
      if (unpacked > limits.ratioFrom && unpacked > packed * limits.ratio) {
        refuse(path, `it unpacks to more than ${limits.ratio} times its size`)
      }
      rest = Buffer.concat([rest, chunk])
      const whole = rest.length - (rest.length % 512)
      if (whole > 0) take(rest.subarray(0, whole))
      rest = rest.subarray(whole)
    }
    // What follows the end of gzip is of the file all the same.
    input.unpipe(gunzip).resume()
    await finished(input)
  } catch (error) {
    if (errnoOf(error)?.startsWith('Z_')) refuse(path, error instanceof Error ? error.message : '')
    throw toCommandError(`unpack '${path}'`, error)
  } finally {
    input.destroy()
  }
  return hash.digest('hex')
}

function refuse(path: string, reason: string): never {
  throw new CommandError('data', `'${path}' is a bad archive: ${reason}`)
}

/** What is wrong with one entry, with its name. */
function inEntry<T>(path: string, name: unknown, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (errnoOf(error) !== undefined) throw toCommandError(`unpack '${name}'`, error)
    return refuse(path, `'${name}': ${error instanceof Error ? error.message : String(error)}`)
  }
}

function takeEntry(into: string, deed: EntryDeed, entry: ReadEntry): void {
  for (const parent of deed.parents) makeDirectory(join(into, parent), 0o755)
  const place = join(into, deed.path)
  if (deed.make === 'file') writeEntry(place, deed.mode, entry)
  else if (deed.make === 'directory') makeDirectory(place, deed.mode)
  else if (deed.make === 'symlink') symlinkSync(deed.target, place)
  else linkSync(join(into, deed.from), place)
}

function makeDirectory(place: string, mode: number): void {
  try {
    mkdirSync(place)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error // named twice, or made as a parent
  }
  chmodSync(place, mode) // whatever the umask
}

/** Written as it comes, without a thread pool: nothing else waits in this process. */
function writeEntry(place: string, mode: number, entry: ReadEntry): void {
  const fd = openSync(place, 'wx', 0o600)
  fchmodSync(fd, mode) // whatever the umask
  entry.on('data', (chunk: Uint8Array) => {
    try {
      writeFileSync(fd, chunk)
    } catch (error) {
      throw toCommandError(`write '${place}'`, error)
    }
  })
  entry.on('end', () => {
    fsyncSync(fd)
    closeSync(fd)
  })
}

function syncDirectories(into: string, plan: ArchivePlan): void {
  const inner = [...plan.seen].flatMap(([path, make]) => (make === 'directory' ? [join(into, path)] : []))
  for (const directory of [...inner, into]) {
    const fd = openSync(directory, 'r')
    fsyncSync(fd)
    closeSync(fd)
  }
}
