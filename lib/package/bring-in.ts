import { join } from 'node:path'
import type { KeptPackage } from '../model/package-state.ts'
import { keepFile, type PackageFile, readHead } from './package-file.ts'
import { kindOf, type RepositoryPackage } from './package-kind.ts'
import { type PackagePlaces, versionFile } from './package-store.ts'
import type { PackageSettings } from './package-way.ts'
import { readDeb } from './way-deb.ts'
import { readRpm, readSpec } from './way-rpm.ts'
import { unpackVersion } from './way-tar.ts'

/** What is to be installed: a file, or what the host's repositories have. */
export type PackageSource = PackageFile | RepositoryPackage

/**
 * What is known of a version, before anything of it is there. Throws 'data' for what is no package, 'unavailable' without
 * its tool, else 'io' or 'permission'.
 */
export async function prepare(
  places: PackagePlaces,
  version: string,
  source: PackageSource,
  { timeout }: PackageSettings,
): Promise<KeptPackage> {
  if (source.how === 'yum') {
    const known = (await readSpec(source.spec, timeout)) ?? { package: null, release: null }
    return { version, how: 'yum', source: `yum:${source.spec}`, ...known }
  }
  if (source.how === 'apt') {
    return { version, how: 'apt', source: `apt:${source.spec}`, package: source.package, release: source.release }
  }
  const how = kindOf(source.path, await readHead(source.path))
  const name = versionFile(version)
  if (how === 'tar') return { version, how, source: join(places.trees, name), package: null, release: null }
  const known = await (how === 'deb' ? readDeb : readRpm)(source.path, timeout)
  return { version, how, source: join(places.files, `${name}.${how}`), ...known }
}

/**
 * Brings a version where it is installed from, so that it can be brought back later; nothing that is in use changes.
 * Throws 'data' for one of no use, else 'io' or 'permission'.
 */
export async function bringIn(
  places: PackagePlaces,
  source: PackageSource,
  kept: KeptPackage,
  warn: (text: string) => void,
): Promise<void> {
  if (source.how !== 'file') return
  if (kept.how === 'tar') await unpackVersion(places, source, kept, warn)
  else await keepFile(places, source, kept.source)
}
