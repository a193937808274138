import { existsSync } from 'node:fs'
import { CommandError, reasonOf } from '../errors.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import { differenceOf } from './config-difference.ts'
import { type ConfigFile, readConfigDir, readConfigFile, renderFault } from './config-dir.ts'
import { reload as inForce, type LoadedAgent } from './config-reload.ts'
import type { Supervisor } from './supervisor.ts'
import type { Unit } from './unit.ts'

/**
 * Reads the directory again (HUP): an agent whose configuration changed is restarted, one whose file is gone is stopped
 * and forgotten, a new one is started where it says autostart; a broken file leaves its agent as it was (B29). A
 * directory that cannot be read changes nothing. Returns the agents to be started.
 */
export function reload(dir: string, supervisor: Supervisor): readonly Unit[] {
  let files: readonly ConfigFile[]
  try {
    files = readConfigDir(dir)
  } catch (error) {
    supervisor.note(null, 'config', `nothing is changed: ${reasonOf(error)}`, { level: 'error' })
    return []
  }
  tellFaults(files, supervisor)
  const units = [...supervisor.units.values()]
  const after = inForce(
    units.flatMap(({ file, config, pending, removed }) => (removed ? [] : [{ file, config: pending ?? config }])),
    files,
  )
  const kept = new Set(after.map(({ config }) => config.name))
  for (const unit of units) {
    if (!kept.has(unit.name)) drop(unit, supervisor)
  }
  return after.flatMap(agent => take(supervisor, agent))
}

/** Reads the configuration of one agent again; started it is not. Throws 'config' where it is wrong: nothing is changed then. */
export function reloadAgent(path: string, name: string, supervisor: Supervisor): void {
  const file = existsSync(path) ? readConfigFile(path) : null
  const config = file?.parsed.config ?? null
  const fault = file?.parsed.faults[0]
  if (fault !== undefined) throw new CommandError('config', renderFault(path, fault))
  const unit = supervisor.units.get(name)
  if (config !== null && config.name === name) take(supervisor, { file: path, config })
  else if (unit !== undefined) drop(unit, supervisor)
}

function drop(unit: Unit, supervisor: Supervisor): void {
  if (unit.removed) return
  unit.removed = true
  supervisor.note(unit, 'config', 'its configuration has been removed: it is stopped')
  supervisor.tell(unit, { type: 'stop' })
}

/**
 * Reads the directory for the first time: every agent is taken in, stopped. Throws 'config' when it cannot be read. Returns the
 * agents to be started (B20).
 */
export function load(dir: string, supervisor: Supervisor): readonly Unit[] {
  const files = readConfigDir(dir)
  tellFaults(files, supervisor)
  const units = inForce([], files).map(({ file, config }) => supervisor.add(config, file))
  return units.filter(({ config }) => config.autostart)
}

function take(supervisor: Supervisor, { file, config }: LoadedAgent): readonly Unit[] {
  const unit = supervisor.units.get(config.name)
  if (unit === undefined) {
    const added = supervisor.add(config, file)
    supervisor.note(added, 'config', 'its configuration is new')
    return config.autostart ? [added] : []
  }
  unit.file = file
  if (unit.removed) return takeBack(supervisor, unit, config)
  const changed = differenceOf([unit.pending ?? unit.config], [config]).changed[0]
  if (changed === undefined) return []
  const fields = changed.fields.map(({ field }) => field).join(', ')
  supervisor.note(unit, 'config', `its configuration has changed: ${fields}`)
  supervisor.change(unit, config)
  return []
}

/** Its file was gone, and it is still being stopped. */
function takeBack(supervisor: Supervisor, unit: Unit, config: AgentConfig): readonly Unit[] {
  unit.removed = false
  supervisor.note(unit, 'config', 'its configuration is there again')
  supervisor.change(unit, config)
  if (config.autostart) supervisor.tell(unit, { type: 'start' })
  return []
}

function tellFaults(files: readonly ConfigFile[], supervisor: Supervisor): void {
  for (const { file, parsed } of files) {
    for (const warning of parsed.warnings) supervisor.warn(renderFault(file, warning))
    for (const fault of parsed.faults) supervisor.note(null, 'config', renderFault(file, fault), { level: 'error' })
  }
}
