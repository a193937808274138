import { CommandError } from '../errors.ts'
import type { Package } from '../model/package.ts'
import type { PackageState } from '../model/package-state.ts'
import { put } from './install.ts'
import { keptOf, loadPackage, packagePlaces, savePackage, withPackage } from './package-store.ts'
import type { PackageSettings } from './package-way.ts'
import { waysOf } from './ways.ts'

/**
 * Undoes the last install: one that has not come to its end, else the whole one. What was there before is installed
 * again; where nothing was, a half-made one is taken off. Done twice, the second changes nothing; with `undo`, anything but
 * the install of that version stays as it is. Throws 'no' where there is nothing to go back to, else as `installPackage`.
 */
export function goBack(name: string, undo: string | null, settings: PackageSettings) {
  const places = packagePlaces(settings.base, name)
  return withPackage(places, async ({ fd }): Promise<Package> => {
    const ways = waysOf(places, { timeout: settings.timeout, lock: fd })
    const state = await loadPackage(places, settings.warn)
    const isHalf = state.begun !== null
    if (undo !== null && undo !== (state.begun ?? state.version)) return nothingToUndo(name, state)
    const isDone = state.back && undo === null
    const target = isHalf || isDone ? state.version : state.previous
    const kept = keptOf(state, target)
    const record = { type: 'package', name, version: target, how: kept?.how ?? null, action: 'back' } as const
    if (kept === undefined && !isHalf) throw new CommandError('no', `'${name}' has no earlier version to go back to`)
    if (kept !== undefined && !isHalf && isDone && (await ways[kept.how].isWhole(kept))) {
      return { ...record, previous: null, changed: false }
    }
    const undone = [keptOf(state, state.begun), isHalf ? undefined : keptOf(state, state.version)]
    if (kept !== undefined) await put(ways, name, kept, undone)
    else for (const half of undone) if (half !== undefined) await ways[half.how].retire(half, true)
    // What a half-made install stood in for can still be gone back to.
    const previous = isHalf ? state.previous : null
    await savePackage(places, { ...state, version: target, previous, begun: null, back: !isHalf && target !== null })
    return { ...record, previous, changed: true }
  })
}

/** That version is neither installed nor begun: it was refused before, or has been undone. */
function nothingToUndo(name: string, state: PackageState): Package {
  const { version, previous } = state
  const how = keptOf(state, version)?.how ?? null
  return { type: 'package', name, version, previous, how, action: 'back', changed: false }
}
