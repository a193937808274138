import { closeSync, mkdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, reasonOf, toCommandError } from '../errors.ts'
import { steadyNow } from '../sys/clock.ts'
import { openGroups } from './cgroup.ts'
import { type Control, controlHandlers } from './control-handlers.ts'
import { serveControl } from './control-server.ts'
import { openDaemonLog } from './daemon-log.ts'
import type { DaemonOptions } from './daemon-options.ts'
import { openEventOut } from './event-out.ts'
import { EventStore } from './event-store.ts'
import { ForkJournal } from './forks.ts'
import { serveHeartbeats } from './heartbeat-server.ts'
import { endByFaults } from './last-line.ts'
import { endLeftovers, LeftoverJournal } from './leftovers.ts'
import { LogKeeper } from './log-keeper.ts'
import { Looks } from './looks.ts'
import { openReporting, type Reporting } from './reporting.ts'
import { Spare } from './spare.ts'
import { Supervisor } from './supervisor.ts'
import type { Surroundings } from './surroundings.ts'
import { Trim } from './trim.ts'
import { Waiters } from './waiters.ts'

/** Everything that runs, until it is closed. */
export interface Daemon {
  readonly supervisor: Supervisor
  readonly world: Surroundings
  /** null: it serves no directory. */
  readonly reporting: Reporting | null
  /** Called after something has happened to any agent. */
  onChange: () => void
  readonly close: () => void
}

/** The root of the cgroup file systems. */
const CGROUP_ROOT = '/sys/fs/cgroup'
/** The longest that a timer can wait, in milliseconds. */
const FOR_EVER_MS = 2 ** 31 - 1

/** Puts agent-spawn together: log, groups, agents, sockets. Throws what keeps it from serving; nothing is left open then. */
export async function openDaemon(options: DaemonOptions): Promise<Daemon> {
  const { places } = options
  const closing: (() => void)[] = []
  const close = () => {
    for (const end of closing.splice(0).reverse()) end()
  }
  try {
    const log = openDaemonLog({ level: options.level, path: options.logFile })
    const out = openEventOut(1, options.logFile)
    const events = new EventStore(out.write)
    const groups = openGroups({ root: CGROUP_ROOT, group: options.group, warn: text => log.log('warn', text) })
    const alive = setInterval(() => {}, FOR_EVER_MS) // no child, and maybe no deadline, keeps the loop going
    const faults = endByFaults(log)
    closing.push(
      () => groups.close(),
      () => out.close(),
      () => events.close(),
      () => log.close(),
      () => faults.close(),
      () => clearInterval(alive),
    )
    if (options.joinGroup) groups.joinSelf()
    if (options.hasLogs) makeDirectory(places.log)
    if (options.hasSockets) makeDirectory(places.run)
    const taken = new Set<number>()
    const world: Surroundings = {
      now: steadyNow,
      log,
      events,
      groups,
      leftovers: null,
      forks: null,
      logDir: options.hasLogs ? places.log : null,
      bootsock: options.hasSockets ? places.heartbeat : '',
      unprivileged: process.geteuid?.() !== 0,
      taken,
      spare: options.dir !== null && options.hasLogs ? new Spare(groups, taken) : null,
    }
    const waiters = new Waiters(world.now)
    const supervisor = new Supervisor(world, unit => {
      waiters.look(unit)
      looks.schedule(unit)
      trim.touch()
      daemon.onChange()
    })
    const looks = new Looks(supervisor, world)
    const reporting =
      options.hasSockets && options.dir !== null ? openReporting(options, { supervisor, waiters, world }) : null
    const daemon: Daemon = { supervisor, world, reporting, onChange: () => {}, close }
    const trim = new Trim()
    closing.push(
      () => looks.close(),
      () => trim.close(),
      () => supervisor.abandoned.close(),
    )
    if (options.hasLogs) {
      const keeper = new LogKeeper(places.log, () => supervisor.units.keys())
      closing.push(() => keeper.close())
    }
    if (options.hasSockets) {
      if (reporting !== null) closing.push(() => reporting.close())
      await openSockets(options, { supervisor, looks, waiters, world, reporting }, closing)
      openJournal(world, places.run)
    }
    return daemon
  } catch (error) {
    close()
    throw error
  }
}

/** Ends what an agent-spawn that was killed has left of its `simple` agents, and begins a journal of ours. */
function openJournal(world: Surroundings, run: string): void {
  const path = join(run, 'BootAgent.agents')
  const warn = (text: string) => world.log.log('warn', text)
  try {
    for (const { name, pid } of endLeftovers(path))
      warn(`agent '${name}': process ${pid}, left behind by an agent-spawn that was killed, got SIGKILL`)
  } catch (error) {
    if (error instanceof CommandError && error.fault === 'again') throw error
    warn(reasonOf(error)) // it is no file: what was left behind is not known, and the agents are more important
  }
  world.leftovers = new LeftoverJournal(path, warn)
  world.forks = new ForkJournal(join(run, 'BootAgent.forks'), world.taken, warn)
}

/** Says on the descriptor that it was given that all is up, by an empty line, and closes it: no agent is to have it. */
export function sayReady(fd: number | null): void {
  if (fd === null) return
  try {
    writeSync(fd, '\n')
    closeSync(fd)
  } catch {
    // Who wanted to know has gone.
  }
}

async function openSockets(
  { places, dir, group, logFile, version }: DaemonOptions,
  parts: Pick<Control, 'supervisor' | 'looks' | 'waiters' | 'world' | 'reporting'>,
  closing: (() => void)[],
): Promise<void> {
  const { supervisor, looks, world } = parts
  const settings = {
    conf: dir,
    run: places.run,
    log: places.log,
    base: places.base,
    socket: places.socket,
    heartbeat: places.heartbeat,
    logfile: logFile,
    group,
  }
  const control = await serveControl(places.socket, controlHandlers({ ...parts, version, settings }), world.log)
  closing.push(() => control.close())
  const beats = await serveHeartbeats(
    places.heartbeat,
    ({ name, message }) => {
      const unit = supervisor.units.get(name)
      if (unit === undefined) return `there is no agent '${name}'`
      looks.heard(unit, message)
      return null
    },
    world.log,
  )
  closing.push(() => beats.close())
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 })
  } catch (error) {
    throw toCommandError(`make the directory '${path}'`, error)
  }
}
