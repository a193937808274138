import { reasonOf } from '../errors.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import { type Daemon, openDaemon, sayReady } from './daemon.ts'
import type { DaemonOptions } from './daemon-options.ts'
import type { Life } from './life.ts'
import { checkOneMount } from './one-mount.ts'
import { load, reload } from './reload.ts'
import { adoptLeft, startAll } from './start-all.ts'
import { cleanTmp } from './tmp-clean.ts'
import type { Unit } from './unit.ts'
import { startWatchdog, watchdogPlan } from './watchdog.ts'

/** How often the temporary directory is cleaned (B7), in milliseconds. */
const CLEAN_MS = 15 * 60 * 1000

/**
 * Keeps the agents of a directory until TERM or INT: `simple` ones, and those with `stopit`, are stopped in order then
 * (B15, B22). HUP reads the directory again, USR1 opens the log again. The handlers stay: a signal in the process's last
 * moment changes nothing. Throws 'config' or 'again' when it cannot begin.
 */
export async function serveDirectory(dir: string, options: DaemonOptions): Promise<void> {
  checkOneMount(dir, options.places.tmp)
  const daemon = await openDaemon(options)
  const { supervisor, world, reporting } = daemon
  const cleaner = setInterval(() => clean(daemon, options.places.tmp), CLEAN_MS)
  const onReload = () => {
    if (supervisor.stopping) return
    world.log.log('info', `HUP: reads '${dir}' again`)
    startAll(supervisor, reload(dir, supervisor))
  }
  const onReopen = () => world.log.reopen()
  try {
    const first = load(dir, supervisor)
    const own = [...supervisor.units.values()].filter(({ config }) => config.cgroup !== null)
    world.groups.prune(new Set(own.map(({ name }) => name)))
    process.on('SIGHUP', onReload).on('SIGUSR1', onReopen)
    const stopped = stopAsked(daemon)
    clean(daemon, options.places.tmp)
    sayReady(options.readyFd)
    const watchdog = watchdogPlan(process.env, process.pid, process.ppid)
    if (watchdog !== null) startWatchdog(watchdog, text => world.log.log('warn', text))
    world.log.log(
      'info',
      `version ${options.version} serves ${supervisor.units.size} agents of '${dir}', as process ${process.pid}`,
    )
    const resumed = reporting?.tasks.resume() ?? null
    const others = (units: Iterable<Unit>) => [...units].filter(({ name }) => name !== resumed)
    adoptLeft(supervisor, others(supervisor.units.values()), world)
    startAll(supervisor, others(first))
    await stopped
    await world.spare?.close()
    world.log.log('info', 'ends')
  } finally {
    supervisor.stopping = true // also where it cannot begin: a HUP that comes now starts nothing
    clearInterval(cleaner)
    daemon.close()
  }
}

/** Settles once TERM or INT has come and all that ends with agent-spawn has been stopped. */
function stopAsked(daemon: Daemon): Promise<void> {
  const { supervisor, world } = daemon
  return new Promise(resolve => {
    const isDown = () =>
      [...supervisor.units.values()].every(
        ({ life, config }) => life.state === 'stoped' || (stays(config) && !isBetween(life)),
      )
    const stop = (signal: NodeJS.Signals) => {
      if (supervisor.stopping) return
      world.log.log('info', `${signal.slice(3)}: stops the agents`)
      supervisor.stopping = true
      daemon.onChange = () => {
        if (isDown()) resolve()
      }
      for (const unit of supervisor.units.values()) if (!stays(unit.config)) supervisor.tell(unit, { type: 'stop' })
      daemon.onChange()
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  })
}

/** It has been told to stop only to be started again: ended then, agent-spawn would leave it stopped. */
function isBetween({ state, next }: Life): boolean {
  return state === 'stopping' && next === 'start'
}

/** A `fork` agent goes on without agent-spawn, and is adopted by the next one (B15, B22). */
function stays({ type, stopit }: AgentConfig): boolean {
  return type === 'fork' && !stopit
}

function clean({ world }: Daemon, tmp: string): void {
  try {
    for (const file of cleanTmp(tmp, Date.now() / 1000)) world.log.log('info', `removed '${file}': older than a day`)
  } catch (error) {
    world.log.log('warn', `unable to clean '${tmp}': ${reasonOf(error)}`)
  }
}
