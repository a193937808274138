import { link, readdir, readFile, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CommandError, errnoOf } from '../errors.ts'
import { replaceFile, resolveLinks } from '../sys/atomic-file.ts'
import { serialOf, serialsBefore } from './named-serial.ts'

/** What a restore did. */
export interface Restored {
  /** The version that is in force again. */
  readonly previous: string
  readonly serial: number
  /** Where the refused file is kept, to be looked at. */
  readonly refused: string
}

/** A version, read whole. */
interface Version {
  readonly path: string
  readonly content: Buffer
  readonly serial: number
}

/**
 * Puts the version before `asked` back in the place of `file`, atomically and with a fresh mtime, because named skips a
 * file that is not newer than its last load (formats 10.3). The refused file stays beside it as FILE.refused. Throws
 * 'data' when there is no version to go back to, or when the file is no longer the one named refused.
 */
export async function restorePrevious(file: string, asked: number, previous: string | null): Promise<Restored> {
  const target = await resolveLinks(file)
  const installed = serialOf(await readFile(target, 'latin1'))
  if (installed !== asked) {
    throw new CommandError('data', `'${file}' was replaced in the meantime, it is left as it is`)
  }
  const version = await findVersion(target, asked, previous)
  const refused = `${target}.refused`
  await replaceFile(target, version.content, {
    keep: async path => {
      await unlink(refused).catch(ignoreMissing)
      await link(path, refused)
    },
  })
  return { previous: version.path, serial: version.serial, refused }
}

/** The version the record names, else the newest FILE.SERIAL that is older; a file without a serial is none. */
async function findVersion(target: string, asked: number, previous: string | null): Promise<Version> {
  const directory = dirname(target)
  const file = basename(target)
  const kept = serialsBefore(asked, file, await readdir(directory)).map(serial => join(directory, `${file}.${serial}`))
  for (const path of previous === null ? kept : [previous, ...kept]) {
    const content = await readFile(path).catch(ignoreMissing)
    const serial = content === undefined ? undefined : serialOf(content.toString('latin1'))
    if (content !== undefined && serial !== undefined && serial !== asked) return { path, content, serial }
  }
  throw new CommandError('data', `there is no previous version of '${target}' to restore`)
}

function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error
}
