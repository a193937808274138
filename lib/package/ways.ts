import type { KeptPackage } from '../model/package-state.ts'
import type { PackageKind } from './package-kind.ts'
import type { PackagePlaces } from './package-store.ts'
import type { PackageWay } from './package-way.ts'
import { tarWay } from './way-tar.ts'

/** The way of each kind of package. */
export type Ways = Readonly<Record<PackageKind, PackageWay>>

/** The ways for the package of one agent. */
export function waysOf(places: PackagePlaces): Ways {
  return { tar: tarWay(places) }
}

/** One of them takes the place of the other by itself. */
export function isSamePackage(one: KeptPackage, other: KeptPackage): boolean {
  return one.how === other.how && one.package === other.package
}
