import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, reasonOf } from '../errors.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import { toSteadyTime } from '../sys/clock.ts'
import type { Account } from './account.ts'
import { findProcess } from './adoption.ts'
import { type OpenLog, openLog } from './agent-log.ts'
import { commandChain, environmentOf } from './command-chain.ts'
import { findForked } from './forks.ts'
import type { LifeEvent, ProcessId } from './life.ts'
import { sizeOf } from './log-tail.ts'
import { isWrittenSince, markOf } from './pid-file.ts'
import { startedAt } from './process-id.ts'
import { spareCommands } from './spare-chain.ts'
import { spawnAgent } from './spawn-agent.ts'
import type { Surroundings } from './surroundings.ts'
import type { Unit } from './unit.ts'

/** How the child of an agent ended. */
export type OnExit = (code: number | null, signal: string | null) => void

/**
 * Looks for a live process of the agent where `single` says so (B21), else starts one, as `account` (B17). The answer is
 * what has come of it; what fails is an answer too.
 */
export function launch(unit: Unit, account: Account, world: Surroundings, onExit: OnExit): LifeEvent {
  const { config } = unit
  const { pidfile } = config
  unit.pidMark = pidfile === null ? null : markOf(pidfile)
  try {
    unit.oomBefore = config.cgroup === null ? 0 : world.groups.oomKills(config.name, true)
    const found = config.single ? findRunning(config, world) : null
    if (found !== null) {
      const began = startedAt(found)
      if (pidfile !== null && isWrittenSince(pidfile, began)) unit.pidMark = null
      return { type: 'adopted', process: found, started: toSteadyTime(began) }
    }
    start(unit, account, world, onExit)
    return { type: 'spawned', process: config.type === 'simple' ? unit.child : null }
  } catch (error) {
    return failed(error)
  }
}

/**
 * The running process of an agent (B21); null: none is found. A daemon need not look like the command that forked it: it is also
 * known by its pid file and by our own memory.
 */
export function findRunning(config: AgentConfig, { taken, forks }: Surroundings): ProcessId | null {
  return findProcess(config.argv, taken) ?? (config.type === 'fork' ? findForked(config, taken, forks) : null)
}

/** The answer to a launch that came to nothing. */
export function failed(error: unknown): LifeEvent {
  return { type: 'failed', message: error instanceof CommandError ? error.message : reasonOf(error) }
}

/** A process that waits becomes the agent, or there is a new one; either is in the journal before anything can be lost. */
function start(unit: Unit, account: Account, world: Surroundings, onExit: OnExit): void {
  const { config, name } = unit
  if (config.cgroup !== null) world.groups.make(name, config.cgroup)
  const output = openOutput(unit, world)
  try {
    unit.child = startSpare(unit, account, world, { path: output?.path ?? null, onExit })
    unit.child ??= startNew(unit, account, world, { fd: output?.fd ?? 2, onExit })
  } finally {
    if (output !== null) closeSync(output.fd)
  }
  if (config.type === 'simple') world.spare?.renew()
}

function startSpare(
  { config, name }: Unit,
  account: Account,
  world: Surroundings,
  { path, onExit }: { readonly path: string | null; readonly onExit: OnExit },
): ProcessId | null {
  if (config.type !== 'simple' || path === null) return null
  const spare = world.spare?.take(onExit) ?? null
  if (spare === null) return null
  world.leftovers?.add(name, spare.id)
  spare.run(
    spareCommands(config, account, {
      supervisor: process.pid,
      procs: config.cgroup === null ? [] : world.groups.procsOf(name, true),
      unprivileged: world.unprivileged,
      env: environmentOf(config, account, world.bootsock),
      log: path,
    }),
  )
  return spare.id
}

function startNew(
  { config, name }: Unit,
  account: Account,
  { groups, leftovers, forks, unprivileged, bootsock }: Surroundings,
  { fd, onExit }: { readonly fd: number; readonly onExit: OnExit },
): ProcessId {
  const journal = (config.type === 'simple' ? leftovers : forks)?.open() ?? null
  try {
    const chain = commandChain(config, account, {
      supervisor: process.pid,
      procs: groups.procsOf(name, config.cgroup !== null),
      unprivileged,
      journal: journal === null ? null : name,
    })
    const child = spawnAgent(chain, { env: environmentOf(config, account, bootsock), output: fd, journal, onExit })
    if (config.type === 'simple') leftovers?.add(name, child)
    else forks?.note(name, child)
    return child
  } finally {
    if (journal !== null) closeSync(journal)
  }
}

/** The log of an agent; null: it has none of its own. */
function openOutput(unit: Unit, { log, logDir }: Surroundings): OpenLog | null {
  if (logDir === null) return null
  unit.log = { from: sizeOf(join(logDir, `${unit.name}.log`)) }
  return openLog(logDir, unit.name, text => log.log('warn', text))
}
