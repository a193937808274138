import { CommandError } from '../errors.ts'
import type { Package } from '../model/package.ts'
import type { KeptPackage, PackageState } from '../model/package-state.ts'
import { bringIn, type PackageSource, prepare } from './bring-in.ts'
import { keptOf, loadPackage, type PackagePlaces, packagePlaces, savePackage, withPackage } from './package-store.ts'
import type { PackageSettings } from './package-way.ts'
import { isSamePackage, type Ways, waysOf } from './ways.ts'

/**
 * Installs a version of an agent's package, or does nothing where it is installed whole. What was there before can be
 * brought back. Killed at any moment, the same call again comes to the same end. Throws 'data' for a bad package, 'no'
 * where the tool fails, 'again' where somebody else is at it or the time is over, else what the system says.
 */
export function installPackage(name: string, version: string, source: PackageSource, settings: PackageSettings) {
  const places = packagePlaces(settings.base, name)
  return withPackage(places, async ({ fd }): Promise<Package> => {
    const ways = waysOf(places, { timeout: settings.timeout, lock: fd })
    const state = await loadPackage(places, settings.warn)
    const there = keptOf(state, state.version)
    const record = { type: 'package', name, version } as const
    if (there?.version === version && state.begun === null && (await ways[there.how].isWhole(there))) {
      return { ...record, previous: state.previous, how: there.how, action: 'install', changed: false }
    }
    const begun = await prepare(places, version, source, settings)
    // The tool has it already, by whomever; after a kill it is asked again, because its scripts may not have run.
    const isClear = state.begun === null && (there === undefined || isSamePackage(begun, there))
    const isThere = isClear && (await ways[begun.how].isWhole(begun))
    await begin(places, state, source, begun, settings)
    const installed = isThere ? begun : await put(ways, name, begun, [there, keptOf(state, state.begun)])
    const previous = state.version === version ? state.previous : state.version
    const kept = [...state.kept, installed]
    await savePackage(places, { ...state, version, previous, begun: null, back: false, kept })
    return { ...record, previous, how: installed.how, action: 'install', changed: !isThere }
  })
}

/**
 * Installs what is kept, and takes off the others where it does not take their place by itself: of another tool, or of
 * another name there. Throws 'no' where the tool was content and still it is not there.
 */
export async function put(
  ways: Ways,
  name: string,
  kept: KeptPackage,
  others: readonly (KeptPackage | undefined)[],
): Promise<KeptPackage> {
  const installed = await ways[kept.how].install(kept)
  for (const other of others) {
    if (other !== undefined && !isSamePackage(installed, other)) await ways[other.how].retire(other, false)
  }
  if (await ways[installed.how].isWhole(installed)) return installed
  throw new CommandError('no', `'${name}' ${kept.version} was installed, and is not there whole`)
}

/** Notes what is begun before anything of it is there, and takes the note back where the package is of no use. */
async function begin(
  places: PackagePlaces,
  state: PackageState,
  source: PackageSource,
  begun: KeptPackage,
  settings: PackageSettings,
): Promise<void> {
  await savePackage(places, { ...state, begun: begun.version, kept: [...state.kept, begun] })
  try {
    await bringIn(places, source, begun, settings.warn)
  } catch (error) {
    // What failed first is what is told.
    await savePackage(places, { ...state, kept: [begun, ...state.kept] }).catch(() => {})
    throw error
  }
}
