import { constants } from 'node:fs'
import { chmod, chown, type FileHandle, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import { findLeftovers, resolveLinks, syncDirectory, temporaryOf } from '../sys/atomic-file.ts'
import { type PartNote, parseNote, renderNote } from './part-note.ts'

const NOTE = '.note'

/**
 * A file on its way, beside its place under a name of its own, so that no two downloads ever write into one. What an
 * earlier attempt left is taken over by renaming it, which only one can.
 */
export class PartFile {
  readonly target: string
  /** What was there, and of what; null: it is new. */
  readonly note: PartNote | null
  readonly #path: string
  readonly #file: FileHandle

  private constructor(target: string, path: string, file: FileHandle, note: PartNote | null) {
    this.target = target
    this.note = note
    this.#path = path
    this.#file = file
  }

  /**
   * Opens the part of a target; with `resume`, one that was left of this URL. The temporary files of downloads that were
   * killed are taken or removed. Throws 'io' or 'permission'.
   */
  static async open(path: string, url: string, resume: boolean): Promise<PartFile> {
    const target = await resolveLinks(path)
    const temporary = temporaryOf(target)
    try {
      const old = await stat(target).catch(orMissing)
      if (old !== undefined && !old.isFile())
        throw new CommandError('io', `unable to write '${target}': not a regular file`)
      const left = await findLeftovers(target)
      const note = resume ? await claim([`${target}.part`, ...left], temporary, url) : null
      for (const name of left) await unlink(name).catch(() => {}) // notes too: their files may be in place already
      const mode = note === null ? constants.O_CREAT | constants.O_EXCL : 0
      return new PartFile(target, temporary, await open(temporary, constants.O_RDWR | mode, 0o600), note)
    } catch (error) {
      throw toCommandError(`write '${target}'`, error)
    }
  }

  get fd(): number {
    return this.#file.fd
  }

  /** Empties it: what was there is of another file. */
  async empty(): Promise<void> {
    await this.#file.truncate(0)
    await unlink(this.#path + NOTE).catch(orMissing)
  }

  /** Puts what is there on the disk, and then says so in the note. */
  async save(note: PartNote): Promise<void> {
    await this.#file.datasync()
    await writeFile(`${this.#path}${NOTE}.new`, renderNote(note), { mode: 0o600 })
    await rename(`${this.#path}${NOTE}.new`, this.#path + NOTE)
  }

  /** It is whole: puts it in its place, with the mode and the owner of the file that was there. Throws 'io' or 'permission'. */
  async commit(): Promise<void> {
    try {
      await this.#file.sync()
      await this.#file.close()
      const old = await stat(this.target).catch(orMissing)
      if (old !== undefined && (old.uid !== process.geteuid?.() || old.gid !== process.getegid?.())) {
        await chown(this.#path, old.uid, old.gid)
      }
      await chmod(this.#path, old === undefined ? 0o644 : old.mode & 0o777)
      await rename(this.#path, this.target)
      await unlink(this.#path + NOTE).catch(orMissing)
      await removePart(this.target)
      await syncDirectory(dirname(this.target))
    } catch (error) {
      throw toCommandError(`write '${this.target}'`, error)
    }
  }

  /** Leaves it as `TARGET.part`, with the note, for the next attempt; without a note it is removed. */
  async leave(note: PartNote | null): Promise<void> {
    try {
      if (note !== null) {
        await this.save(note)
        await rename(this.#path + NOTE, `${this.target}.part${NOTE}`)
        await rename(this.#path, `${this.target}.part`)
      }
    } catch {
      // The disk is full, as a rule: what failed before is told.
    } finally {
      await this.#file.close().catch(() => {})
      await remove(this.#path)
    }
  }
}

/** Takes over the one of these files with the most in it, under another name; null where none is of this URL. */
async function claim(names: readonly string[], as: string, url: string): Promise<PartNote | null> {
  const found: { name: string; note: PartNote; bytes: number }[] = []
  for (const name of names) {
    const note = parseNote(await readFile(name + NOTE, 'utf8').catch(() => ''))
    const bytes = note?.spans.reduce((sum, [from, to]) => sum + to - from, 0) ?? 0
    if (note !== null && note.url === url && bytes > 0) found.push({ name, note, bytes })
  }
  for (const { name, note } of found.sort((a, b) => b.bytes - a.bytes)) {
    try {
      const { size } = await stat(name)
      if (size < (note.spans.at(-1)?.[1] ?? 0)) continue
      await rename(name, as)
      await rename(name + NOTE, as + NOTE)
      return note
    } catch (error) {
      orMissing(error) // another one was quicker
    }
  }
  return null
}

/** What an earlier attempt left of a file that is in its place now is of no use; where it is ours. */
async function removePart(target: string): Promise<void> {
  const part = `${target}.part`
  if (parseNote(await readFile(part + NOTE, 'utf8').catch(() => '')) !== null) await remove(part)
}

async function remove(path: string): Promise<void> {
  for (const name of [path, path + NOTE, `${path}${NOTE}.new`]) await unlink(name).catch(() => {})
}

function orMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error
}
