import { type BigIntStats, constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { CommandError, reasonOf } from '../errors.ts'
import { makeVersion, type Version } from './serve-version.ts'

/** The file that is served: its last good version, and what is wrong with the one on the disk, if anything. */
export interface ServedFile {
  readonly version: Version | undefined
  readonly problem: string | undefined
  /** Versions taken into service since the start. */
  readonly taken: number
  /** Files that were looked at and refused since the start. */
  readonly refused: number
  /** Looks whether the file is another one than before, and takes it when it is whole and valid. */
  check(): Promise<void>
}

/** What a served file says of itself. */
export type Report = (level: 'warning' | 'info', text: string) => void

/** The largest file that is taken into memory, in bytes. */
const SIZE_MOST = 64 * 1024 * 1024
/** How long after a change the file is looked at again although it seems the same, in ms. */
const RACY_MS = 2000

/**
 * Opens the file for serving. It is taken when its times, inode or size are new, stays the same while it is read, and its
 * content checks out: the checksum of the end marker shows a torn file. A legacy file has none, so it must also have
 * been the same at the check before. Until then, and at every fault, the last good version stays.
 */
export function openServedFile(path: string, legacy: boolean, report: Report): ServedFile {
  let version: Version | undefined
  let problem: string | undefined
  let held: Snapshot | undefined
  let known: string | undefined
  let seen: Look | undefined
  let taken = 0
  let refused = 0

  const take = async (): Promise<void> => {
    const before = seen
    seen = undefined
    seen = await look(path)
    if (seen.key === known || (legacy && seen.key !== before?.key)) return
    const read = await readStable(path)
    const same = held?.bytes.equals(read.bytes) ?? false
    if (!same || held?.mtimeMs !== read.mtimeMs) {
      version = await makeVersion(read.bytes, read.mtimeMs, Date.now(), legacy)
      held = read
      taken++
    }
    if (!same) report('info', `serving '${path}', serial ${version?.serial}, ${version?.domains} domains`)
    else if (problem !== undefined) report('info', `'${path}' is valid again`)
    problem = undefined
  }

  const refuse = (error: unknown): void => {
    const reason = error instanceof CommandError ? error.message : reasonOf(error)
    if (reason === problem) return
    refused++
    problem = reason
    const stays = version === undefined ? 'nothing to serve' : `still serving serial ${version.serial}`
    report('warning', `'${path}': ${reason}; ${stays}`)
  }

  return {
    get version() {
      return version
    },
    get problem() {
      return problem
    },
    get taken() {
      return taken
    },
    get refused() {
      return refused
    },
    async check() {
      await take().catch(refuse)
      // A file changed just now may change again without its times showing it: looked at again.
      if (seen === undefined || Date.now() - seen.changedMs > RACY_MS) known = seen?.key
    },
  }
}

/** What can be seen of a file without reading it: equal keys, equal file. */
interface Look {
  readonly key: string
  readonly mtimeMs: number
  readonly changedMs: number
}

interface Snapshot extends Look {
  readonly bytes: Buffer
}

async function look(path: string): Promise<Look> {
  return toLook(await stat(path, { bigint: true }))
}

/** The ctime too: it shows a file that may be read now, and one whose mtime was set back. */
function toLook({ mtimeNs, mtimeMs, ctimeNs, ctimeMs, ino, size }: BigIntStats): Look {
  return { key: `${mtimeNs} ${ctimeNs} ${ino} ${size}`, mtimeMs: Number(mtimeMs), changedMs: Number(ctimeMs) }
}

/** Reads the file whole; throws 'data' when it changed meanwhile, or is no regular file of a size that can be held. */
async function readStable(path: string): Promise<Snapshot> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK) // a FIFO would wait for its writer
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) throw new CommandError('data', 'not a regular file')
    if (stats.size > SIZE_MOST) throw new CommandError('data', `larger than ${SIZE_MOST} bytes`)
    const bytes = await handle.readFile()
    const before = toLook(stats)
    const after = toLook(await handle.stat({ bigint: true }))
    if (after.key !== before.key || (await look(path)).key !== before.key) {
      throw new CommandError('data', 'changed while it was read')
    }
    return { ...before, bytes }
  } finally {
    await handle.close()
  }
}
