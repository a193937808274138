import { packageStatePath, parseInstalled } from '../model/installed.ts'
import { configPathOf, readText } from './config-place.ts'
import type { Places } from './places.ts'
import type { Supervisor } from './supervisor.ts'
import type { Found } from './task-deeds.ts'

/** What this host has of an agent: package, configuration and process. Throws 'io' or 'permission' where that cannot be read. */
export function lookAt(name: string, supervisor: Supervisor, places: Places): Found {
  const text = readText(packageStatePath(places.base, name))
  const { version, half } = (text === null ? null : parseInstalled(text)) ?? { version: null, half: false }
  const config = readText(configPathOf(name, supervisor, places))
  return { version, half, config, state: supervisor.units.get(name)?.life.state ?? null }
}
