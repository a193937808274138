import type { AgentState } from '../model/agent.ts'
import { packageStatePath, parseInstalled } from '../model/installed.ts'
import { configPathOf, readConfig, readText } from './config-place.ts'
import type { Places } from './places.ts'
import type { Supervisor } from './supervisor.ts'
import type { Found } from './task-deeds.ts'
import type { Unit } from './unit.ts'

const NOTHING = { version: null, half: false, how: null }

/** What this host has of an agent: package, configuration and process. Throws 'io' or 'permission' where that cannot be read. */
export function lookAt(name: string, supervisor: Supervisor, places: Places): Found {
  const text = readText(packageStatePath(places.base, name))
  const installed = (text === null ? null : parseInstalled(text)) ?? NOTHING
  const config = readConfig(configPathOf(name, supervisor, places), name)
  const unit = supervisor.units.get(name)
  return { ...installed, config, state: unit === undefined ? null : stateOf(unit) }
}

/** One that is stopped only to be started again will run again by itself. */
function stateOf({ life: { state, next } }: Unit): AgentState {
  const isOnItsWay = next === 'start' || next === 'backoff' || next === 'killed'
  return state === 'stopping' && isOnItsWay ? 'backoff' : state
}
