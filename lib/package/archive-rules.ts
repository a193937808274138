import { dirname, posix } from 'node:path'

/** The bounds of an archive (B49): far above any agent, far below what hurts a host. */
export interface ArchiveLimits {
  /** Files, directories and links. */
  readonly entries: number
  /** Of all files together, in bytes, and of the archive with its headers. */
  readonly bytes: number
  /** Of one path, in bytes. */
  readonly pathBytes: number
  /** Unpacked bytes to packed ones, once there are `ratioFrom` of them. */
  readonly ratio: number
  readonly ratioFrom: number
}

/** What holds where nothing else is said. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 100_000,
  bytes: 2 * 1024 ** 3,
  pathBytes: 1000,
  ratio: 200,
  ratioFrom: 64 * 1024 ** 2,
}

/** An entry as its header has it: nothing of it is believed. */
export interface RawEntry {
  readonly type: unknown
  readonly path: unknown
  readonly linkpath?: unknown
  readonly mode?: unknown
  readonly size?: unknown
}

/** What is to be done for one entry; `parents` are the directories above it that nobody has made yet, upper ones first. */
export type EntryDeed = { readonly path: string; readonly parents: readonly string[] } & (
  | { readonly make: 'directory'; readonly mode: number }
  | { readonly make: 'file'; readonly mode: number; readonly dropped: boolean }
  | { readonly make: 'symlink'; readonly target: string }
  | { readonly make: 'link'; readonly from: string }
)

/** What was planned so far: each path with what stands there. */
export interface ArchivePlan {
  readonly seen: Map<string, EntryDeed['make']>
  bytes: number
}

/** An archive of which nothing was read yet. */
export function emptyPlan(): ArchivePlan {
  return { seen: new Map(), bytes: 0 }
}

const FILES = new Set<unknown>(['File', 'OldFile', 'ContiguousFile'])
const SETID = 0o6000
/** Control characters, and what stands for bytes that are no UTF-8. */
const UNFIT = /[\p{Cc}\p{Cs}\ufffd]/u

/**
 * Decides what becomes of one entry, and notes it in the plan; null: nothing, it is the top itself. Nothing ever stands
 * outside the directory, or is written through a link: a path has no `..`, what is above it are directories of this
 * archive, the target of a symbolic link goes up only at its beginning and not above the top (so that no chain of links
 * leaves it either), and a hard link is to a file that came before. Throws an Error that says why the archive is refused.
 */
export function planEntry(
  plan: ArchivePlan,
  entry: RawEntry,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): EntryDeed | null {
  const path = toInnerPath(entry.path, limits)
  const isDirectory = entry.type === 'Directory'
  if (path === '') {
    if (isDirectory) return null
    throw new Error('it has no name')
  }
  const parents = findParents(plan, path)
  const there = plan.seen.get(path)
  if (there !== undefined && !(isDirectory && there === 'directory')) throw new Error('it is there twice')
  const deed = { path, parents, ...toDeed(plan, path, entry, limits) }
  for (const parent of parents) plan.seen.set(parent, 'directory')
  plan.seen.set(path, deed.make)
  if (plan.seen.size > limits.entries) throw new Error(`it is one too many: an archive has at most ${limits.entries}`)
  return deed
}

type Made<T> = T extends unknown ? Omit<T, 'path' | 'parents'> : never

function toDeed(plan: ArchivePlan, path: string, entry: RawEntry, limits: ArchiveLimits): Made<EntryDeed> {
  const mode = typeof entry.mode === 'number' ? entry.mode : 0o644
  if (entry.type === 'Directory') return { make: 'directory', mode: (mode & 0o755) | 0o700 }
  if (entry.type === 'SymbolicLink') return { make: 'symlink', target: toTarget(path, entry.linkpath, limits) }
  if (entry.type === 'Link') return { make: 'link', from: toFormer(plan, entry.linkpath, limits) }
  if (!FILES.has(entry.type)) throw new Error(`it is no file, directory or link, but ${shownType(entry.type)}`)
  const { size } = entry
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw new Error('it has no size')
  plan.bytes += size
  if (plan.bytes > limits.bytes) throw new Error(`the files have more than ${limits.bytes} bytes together`)
  return { make: 'file', mode: (mode & 0o755) | 0o600, dropped: (mode & SETID) !== 0 }
}

/** The path below the top, without `.`; '' is the top itself. */
function toInnerPath(path: unknown, limits: ArchiveLimits): string {
  const text = toText(path, limits)
  if (text.startsWith('/')) throw new Error('its path is absolute')
  const parts = text.split('/').filter(part => part !== '' && part !== '.')
  if (parts.includes('..')) throw new Error("its path has '..'")
  return parts.join('/')
}

/** The directories above that nobody has made; one that is no directory is refused. */
function findParents(plan: ArchivePlan, path: string): readonly string[] {
  const missing: string[] = []
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    const there = plan.seen.get(at)
    if (there === 'directory') break
    if (there !== undefined) throw new Error(`it lies under '${at}', which is no directory`)
    missing.unshift(at)
  }
  return missing
}

function toTarget(path: string, linkpath: unknown, limits: ArchiveLimits): string {
  const target = toText(linkpath, limits)
  if (target.startsWith('/')) throw new Error('it is a link to an absolute path')
  const parts = target.split('/').filter(part => part !== '' && part !== '.')
  const up = parts.findIndex(part => part !== '..')
  const ups = up < 0 ? parts.length : up
  if (parts.lastIndexOf('..') >= ups) throw new Error("it is a link whose target has '..' after a name")
  if (ups > path.split('/').length - 1) throw new Error('it is a link that leads out of the archive')
  return posix.normalize(target)
}

function toFormer(plan: ArchivePlan, linkpath: unknown, limits: ArchiveLimits): string {
  const from = toInnerPath(linkpath, limits)
  const there = plan.seen.get(from)
  if (there !== 'file' && there !== 'link') throw new Error('it is a hard link to no file that came before')
  return from
}

function toText(value: unknown, limits: ArchiveLimits): string {
  if (typeof value !== 'string' || value === '') throw new Error('it has no path')
  if (UNFIT.test(value)) throw new Error('its path has control characters, or is not UTF-8')
  if (Buffer.byteLength(value) > limits.pathBytes) throw new Error(`its path has more than ${limits.pathBytes} bytes`)
  if (value.split('/').some(part => Buffer.byteLength(part) > 255))
    throw new Error('its path has a part of more than 255 bytes')
  return value
}

function shownType(type: unknown): string {
  return typeof type === 'string' ? `'${type}'` : 'of no type'
}
