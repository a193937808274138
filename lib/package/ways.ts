import type { KeptPackage } from '../model/package-state.ts'
import type { PackageKind } from './package-kind.ts'
import type { PackagePlaces } from './package-store.ts'
import type { PackageWay } from './package-way.ts'
import type { ToolBounds } from './run-tool.ts'
import { aptWay, debWay } from './way-deb.ts'
import { rpmWay, yumWay } from './way-rpm.ts'
import { tarWay } from './way-tar.ts'

/** The way of each kind of package. */
export type Ways = Readonly<Record<PackageKind, PackageWay>>

/** The ways for the package of one agent. */
export function waysOf(places: PackagePlaces, bounds: ToolBounds): Ways {
  return {
    tar: tarWay(places),
    rpm: rpmWay(bounds),
    yum: yumWay(bounds),
    deb: debWay(bounds),
    apt: aptWay(bounds),
  }
}

/** Whose database it stands in. */
const KEEPERS: Readonly<Record<PackageKind, string>> = { tar: 'us', rpm: 'rpm', yum: 'rpm', deb: 'dpkg', apt: 'dpkg' }

/** One of them takes the place of the other by itself. */
export function isSamePackage(one: KeptPackage, other: KeptPackage): boolean {
  return KEEPERS[one.how] === KEEPERS[other.how] && one.package === other.package
}
