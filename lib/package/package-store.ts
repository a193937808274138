import { lstat, mkdir, readdir, rm, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { errnoOf, toCommandError } from '../errors.ts'
import { checkOf } from '../model/check.ts'
import { packageStatePath } from '../model/installed.ts'
import { type KeptPackage, PackageState } from '../model/package-state.ts'
import { replaceFile } from '../sys/atomic-file.ts'
import { type FileLock, holdLock } from '../sys/file-lock.ts'
import { readOptional } from '../sys/optional-file.ts'

/** Where the things of one agent's package are. */
export interface PackagePlaces {
  readonly name: string
  /** BASE/packages/NAME.json. */
  readonly state: string
  /** The package files that are kept: BASE/packages/NAME. */
  readonly files: string
  /** The unpacked archives: BASE/agents/NAME, with a directory for each version, and `current`. */
  readonly trees: string
  readonly current: string
  readonly lock: string
}

/** So long another one that is at work on the same package is waited for, in seconds. */
const LOCK_SECONDS = 5

/** The places of the package of the agent `name` below BASE. */
export function packagePlaces(base: string, name: string): PackagePlaces {
  const packages = resolve(base, 'packages') // the state says where things are, whoever reads it from wherever
  const trees = resolve(base, 'agents', name)
  return {
    name,
    state: packageStatePath(base, name),
    files: join(packages, name),
    trees,
    current: join(trees, 'current'),
    lock: join(packages, `.${name}.lock`),
  }
}

/** A version as the name of a file: itself, as a rule; no directory, nothing hidden, no pattern for rpm, not `current`. Pure. */
export function versionFile(version: string): string {
  const escaped = version.replaceAll(
    /[%/*?[\]{}\\]|^\./g,
    letter => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return escaped === 'current' ? '%63urrent' : escaped
}

/**
 * Does the work while no other process is at work on this package, nor a tool that was started by one that was killed. Throws
 * 'again' where one is.
 */
export async function withPackage<T>(places: PackagePlaces, work: (lock: FileLock) => Promise<T>): Promise<T> {
  await makeDirectory(dirname(places.lock))
  const lock = await holdLock(places.lock, LOCK_SECONDS)
  try {
    // Not before: who held the lock may have removed them.
    for (const directory of [places.files, places.trees]) await makeDirectory(directory)
    await removeHalves(dirname(places.state), `.${places.name}.json.tmp.`)
    await removeHalves(places.files, '.')
    await removeHalves(places.trees, '.')
    return await work(lock)
  } finally {
    lock.release()
  }
}

/** With what is missing above it; Node's own way calls a read-only file system a missing one. Throws 'io' or 'permission'. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, 0o755)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return
    if (errnoOf(error) !== 'ENOENT') throw toCommandError(`make '${path}'`, error)
    await makeDirectory(dirname(path))
    await makeDirectory(path)
  }
}

/** What is known of a package of which nothing is known. */
export function unknownPackage(name: string): PackageState {
  return { type: 'package-state', name, version: null, previous: null, begun: null, back: false, kept: [] }
}

/**
 * Reads the state; one that is missing is empty, as is one that cannot be understood, of which `torn` is told: a host on
 * which nothing can be installed any more would be worse. Throws 'io' or 'permission'.
 */
export async function loadPackage(places: PackagePlaces, torn: (text: string) => void): Promise<PackageState> {
  const text = await readOptional(places.state)
  if (text === null) return unknownPackage(places.name)
  try {
    return checkOf(PackageState)(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'not JSON' : error instanceof Error ? error.message : String(error)
    torn(`'${places.state}' is not understood, and started afresh: ${reason}`)
    return unknownPackage(places.name)
  }
}

/**
 * Writes the state, and then removes what belongs to versions that it names no more, or to earlier ways of the same
 * version; a kill in between leaves that for the next time. Throws 'io' or 'permission'.
 */
export async function savePackage(places: PackagePlaces, state: PackageState): Promise<void> {
  const write = (state: PackageState) => replaceFile(places.state, `${JSON.stringify(state)}\n`)
  await write(state)
  const named = [state.version, state.previous, state.begun]
  const kept = state.kept.filter(
    ({ version }, i) => named.includes(version) && !state.kept.slice(i + 1).some(later => later.version === version),
  )
  const files = new Set(kept.flatMap(kept => [kept.source, listOf(places, kept)]))
  const ours = (await readdir(places.files)).map(name => join(places.files, name))
  const dropped = state.kept.map(({ source }) => source).filter(source => source.startsWith('/'))
  for (const path of [...ours, ...dropped]) if (!files.has(path)) await removeTree(path)
  if (kept.length < state.kept.length) await write({ ...state, kept })
}

/** Where stands what an archive has brought. Pure. */
export function listOf(places: PackagePlaces, kept: KeptPackage): string {
  return join(places.files, `${versionFile(kept.version)}.list`)
}

/** What is kept of a version, or undefined. Pure. */
export function keptOf(state: PackageState, version: string | null): KeptPackage | undefined {
  return version === null ? undefined : state.kept.find(kept => kept.version === version)
}

/** Something stands at this path, be it a link that leads nowhere. Throws 'io' or 'permission'. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw toCommandError(`read '${path}'`, error)
  }
}

/** Removes a file or a directory with all that is in it; one that is not there is fine. Throws 'io' or 'permission'. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(error => {
    throw toCommandError(`remove '${path}'`, error)
  })
}

/** Removes what those that were killed have left half-made: its name begins so, and has `.tmp.` in it. Under the lock only. */
async function removeHalves(directory: string, begin: string): Promise<void> {
  const names = await readdir(directory).catch(error => {
    throw toCommandError(`read '${directory}'`, error)
  })
  for (const name of names) {
    if (name.startsWith(begin) && name.includes('.tmp.')) await removeTree(join(directory, name))
  }
}

/** Removes the state itself: nothing is installed, nothing can be brought back. Throws 'io' or 'permission'. */
export async function forgetPackage(places: PackagePlaces): Promise<void> {
  await removeTree(places.files)
  await removeTree(places.trees)
  await unlink(places.state).catch(error => {
    if (errnoOf(error) !== 'ENOENT') throw toCommandError(`remove '${places.state}'`, error)
  })
}
