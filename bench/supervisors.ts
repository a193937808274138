import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bin, node, place } from './measure.ts'
import { commandOf, footprintOf, ownProcesses, watchFor } from './processes.ts'

const CGROUP = `fleetutils-bench-${process.pid}`
const PM2 = 'pm2@7.0.4'
const LOOK_MS = 10
const START_LIMIT_MS = 120_000
const END_LIMIT_MS = 30_000

/** An agent of the bench: a name, and a command line that no other agent has; a brief one ends at once. */
export interface Agent {
  readonly name: string
  readonly command: string
  readonly brief?: true
}

/** How a supervisor is told of its agents, and started. */
export interface Supervisor {
  readonly name: string
  /** Writes what it reads into an empty directory; the command line, its environment, and the signal that ends all. */
  prepare(dir: string, agents: readonly Agent[]): Start
}

interface Start {
  readonly argv: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
  readonly end: NodeJS.Signals
  /** Names the file with the pid of the process that stays, where the one started here does not. */
  readonly pidfile?: string
}

/** A supervisor at work. */
export type Running = Awaited<ReturnType<typeof startSupervisor>>

let agentsMade = 1_000_000

/** So many agents that sleep. */
export function makeAgents(count: number): Agent[] {
  return Array.from({ length: count }, (_, i) => ({ name: `a${i}`, command: `/bin/sleep ${agentsMade++}` }))
}

/** So many agents that end at once. */
export function makeBriefAgents(count: number): Agent[] {
  return Array.from({ length: count }, (_, i) => ({ name: `b${i}`, command: `/bin/true ${agentsMade++}`, brief: true }))
}

/** Whether a command line is one of an agent's. */
export const isAgent = (command: string) => /^\/bin\/(sleep|true) \d{7}$/.test(command)

/** Ours and the peers that are here, and the names of those that are not. */
export function findSupervisors(): { supervisors: Supervisor[]; missing: string[] } {
  const pm2 = installPm2()
  const has = (program: string) => existsSync(join('/usr/bin', program))
  const all: readonly (readonly [boolean, Supervisor])[] = [
    [existsSync(bin('bootagent')), { name: OURS, prepare: prepareOurs }],
    [has('supervisord'), { name: 'supervisord', prepare: prepareSupervisord }],
    [has('runsvdir'), { name: 'runit', prepare: prepareRunit }],
    [has('s6-svscan'), { name: 's6', prepare: prepareS6 }],
    [pm2 !== null, { name: 'pm2', prepare: (dir, agents) => preparePm2(pm2 ?? '', dir, agents) }],
  ]
  return {
    supervisors: all.filter(([here]) => here).map(([, supervisor]) => supervisor),
    missing: all.filter(([here]) => !here).map(([, { name }]) => name),
  }
}

/** Ours, under its wrapper as a host has it. */
export const OURS = 'bootagent'

let starts = 0

/** Starts a supervisor and waits until all of its agents that stay run. */
export async function startSupervisor(supervisor: Supervisor, agents: readonly Agent[]) {
  const dir = join(place, `supervisor-${starts++}`)
  mkdirSync(dir)
  const start = supervisor.prepare(dir, agents)
  const env = { PATH: process.env['PATH'], ...start.env }
  const watch = watchFor(new Set(agents.filter(({ brief }) => !brief).map(({ command }) => command)))
  const [program, ...args] = start.argv
  const began = performance.now()
  const child = spawn(program, args, { cwd: dir, env, stdio: 'ignore' })
  while (!watch.look() && performance.now() - began < START_LIMIT_MS) await sleep(LOOK_MS)
  const seconds = watch.look() ? (performance.now() - began) / 1000 : Number.POSITIVE_INFINITY
  const root = start.pidfile === undefined ? (child.pid ?? 0) : Number(readFileSync(start.pidfile, 'utf8'))
  return {
    name: supervisor.name,
    dir,
    env,
    /** From its start until all ran; infinite when they did not. */
    seconds,
    /** The agents' processes by command line. */
    pids: watch.pids,
    footprint: () => footprintOf(ownProcesses(root, isAgent)),
    async close() {
      const own = ownProcesses(root, isAgent)
      const left = () => [
        ...own.filter(pid => commandOf(pid) !== ''),
        ...[...watch.pids].filter(([command, pid]) => commandOf(pid) === command).map(([, pid]) => pid),
      ]
      kill(root, start.end)
      for (let waited = 0; left().length > 0 && waited < END_LIMIT_MS; waited += 50) await sleep(50)
      for (const pid of left()) kill(pid, 'SIGKILL')
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {} // it has ended meanwhile
}

/** A Node for one supervisor alone, as on a host that has no other: memory shared with the bench would not count whole. */
function ownNode(name: string): string {
  const copy = join(place, `node-${name}`)
  if (!existsSync(copy)) copyFileSync(realpathSync(node), copy)
  return copy
}

function prepareOurs(dir: string, agents: readonly Agent[]): Start {
  const programs = join(dir, 'bin')
  cpSync(bin(''), programs, { recursive: true })
  for (const name of ['agent-spawn', 'bootctl']) {
    const text = readFileSync(join(programs, name), 'utf8')
    writeFileSync(join(programs, name), text.replace(process.execPath, ownNode('ours')))
  }
  const places = { CONF: 'conf', BASE: '.', RUN: 'run', LOG: 'log' }
  for (const name of ['conf', 'tmp', 'run', 'log']) mkdirSync(join(dir, name))
  for (const { name, command } of agents) {
    const config = { name, version: '1', exec: command, autostart: true, restartsecs: 0, retries: -1 }
    writeFileSync(join(dir, 'conf', `${name}.json`), JSON.stringify(config))
  }
  return {
    argv: [join(programs, 'bootagent'), '-f', '-C', CGROUP],
    env: Object.fromEntries(Object.entries(places).map(([name, sub]) => [`BOOTAGENT_${name}`, join(dir, sub)])),
    end: 'SIGTERM',
  }
}

function prepareSupervisord(dir: string, agents: readonly Agent[]): Start {
  mkdirSync(join(dir, 'log'))
  const head = `[supervisord]
nodaemon=true
user=root
minfds=16384
logfile=${dir}/supervisord.log
pidfile=${dir}/supervisord.pid
childlogdir=${dir}/log
`
  const programs = agents.map(
    ({ name, command }) => `[program:${name}]
command=${command}
startsecs=0
redirect_stderr=true
`,
  )
  writeFileSync(join(dir, 'supervisord.conf'), [head, ...programs].join('\n'))
  return { argv: ['supervisord', '-n', '-c', join(dir, 'supervisord.conf')], end: 'SIGTERM' }
}

/** One directory an agent with an executable `run`, as runit and s6 both have it. */
function writeRunScripts(dir: string, agents: readonly Agent[]): string {
  const services = join(dir, 'services')
  for (const { name, command } of agents) {
    mkdirSync(join(services, name), { recursive: true })
    const script = join(services, name, 'run')
    writeFileSync(script, `#!/bin/sh\nexec ${command}\n`)
    chmodSync(script, 0o755)
  }
  return services
}

function prepareRunit(dir: string, agents: readonly Agent[]): Start {
  return { argv: ['runsvdir', writeRunScripts(dir, agents)], end: 'SIGHUP' }
}

function prepareS6(dir: string, agents: readonly Agent[]): Start {
  return { argv: ['s6-svscan', '-c', '2000', writeRunScripts(dir, agents)], end: 'SIGTERM' }
}

function preparePm2(program: string, dir: string, agents: readonly Agent[]): Start {
  const apps = agents.map(({ name, command }) => {
    const [script = '', ...args] = command.split(' ')
    return { name, script, args, interpreter: 'none', cwd: dir, max_restarts: 1e9, vizion: false, pmx: false }
  })
  writeFileSync(join(dir, 'all.json'), JSON.stringify({ apps }))
  return {
    argv: [ownNode('pm2'), program, 'start', join(dir, 'all.json')],
    env: { PM2_HOME: join(dir, 'home'), HOME: dir, PM2_DISABLE_VERSION_CHECK: 'true' },
    end: 'SIGTERM',
    pidfile: join(dir, 'home/pm2.pid'),
  }
}

/** pm2 from its registry into the bench's directory; null where it cannot be had. */
function installPm2(): string | null {
  const dir = join(place, 'pm2')
  mkdirSync(dir)
  writeFileSync(join(dir, 'package.json'), '{}')
  try {
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    execFileSync('npm', ['install', ...flags, PM2], { cwd: dir, stdio: 'ignore' })
  } catch {
    return null
  }
  return join(dir, 'node_modules/pm2/bin/pm2')
}
