import { readdir } from 'node:fs/promises'
import { type Fault, toCommandError } from '../errors.ts'
import type { Package } from '../model/package.ts'
import { forgetPackage, isThere, keptOf, loadPackage, packagePlaces, withPackage } from './package-store.ts'
import type { PackageSettings } from './package-way.ts'
import { waysOf } from './ways.ts'

/** What came of a removal; with force, what failed on the way. */
export interface Removed {
  readonly record: Package
  readonly faults: readonly Fault[]
}

/**
 * Removes the package of an agent, and all that is kept of it; one that is not installed is fine (B36). With `force` a
 * step that fails is told to `warn`, and the others are done all the same. Throws 'no' where the tool fails, 'again'
 * where somebody else is at it or the time is over, else what the system says.
 */
export function removePackage(name: string, force: boolean, settings: PackageSettings) {
  const places = packagePlaces(settings.base, name)
  return withPackage(places, async ({ fd }): Promise<Removed> => {
    const ways = waysOf(places, { timeout: settings.timeout, lock: fd })
    const state = await loadPackage(places, settings.warn)
    const there = [keptOf(state, state.version), keptOf(state, state.begun)]
    const steps = there.flatMap(kept => (kept === undefined ? [] : [() => ways[kept.how].retire(kept, force)]))
    const changed = (await isThere(places.state)) || (await readdir(places.trees)).length > 0
    const faults: Fault[] = []
    for (const step of [...steps, () => forgetPackage(places)]) {
      try {
        await step()
      } catch (error) {
        if (!force) throw error
        const told = toCommandError(`remove '${name}'`, error)
        settings.warn(told.message)
        faults.push(told.fault)
      }
    }
    const how = keptOf(state, state.version)?.how ?? null
    return {
      record: { type: 'package', name, version: null, previous: state.version, how, action: 'remove', changed },
      faults,
    }
  })
}
