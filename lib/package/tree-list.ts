import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoOf, toCommandError } from '../errors.ts'
import type { KeptPackage } from '../model/package-state.ts'
import { replaceFile } from '../sys/atomic-file.ts'
import { readOptional } from '../sys/optional-file.ts'
import type { ArchivePlan } from './archive-rules.ts'
import { listOf, type PackagePlaces } from './package-store.ts'

/** Notes what an archive has brought: a line for each path, `file bin/agent`. Throws 'io' or 'permission'. */
export async function writeTreeList(places: PackagePlaces, kept: KeptPackage, entries: ArchivePlan['seen']) {
  const lines = [...entries].map(([path, make]) => `${make === 'link' ? 'file' : make} ${path}\n`)
  await replaceFile(listOf(places, kept), lines)
}

/**
 * All that an archive has brought is still there, as what it was; what the agent has written into its files, or beside
 * them, is no matter. Throws 'io' or 'permission'.
 */
export async function isTreeWhole(places: PackagePlaces, kept: KeptPackage): Promise<boolean> {
  const list = await readOptional(listOf(places, kept))
  if (list === null) return false
  for (const line of list.trimEnd().split('\n')) {
    const at = line.indexOf(' ')
    if ((await typeOf(join(kept.source, line.slice(at + 1)))) !== line.slice(0, at)) return false
  }
  return true
}

async function typeOf(path: string): Promise<string> {
  try {
    const stats = await lstat(path)
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'symlink' : 'other'
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return 'nothing'
    throw toCommandError(`read '${path}'`, error)
  }
}
