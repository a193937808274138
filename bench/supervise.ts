import { setTimeout as sleep } from 'node:timers/promises'
import { median } from './measure.ts'
import { type Footprint, timeRestart } from './processes.ts'
import { printTable, ratio } from './report.ts'
import { benchManyRestarts } from './supervise-restarts.ts'
import {
  findSupervisors,
  isAgent,
  makeAgents,
  OURS,
  type Running,
  type Supervisor,
  startSupervisor,
} from './supervisors.ts'

const SETTLE_MS = 15_000
const IDLE_MS = 60_000
const KILLS = 20
const KILL_ROUNDS = 3
/** So long an agent has run before it is killed. */
const UP_MS = 1500
const RESTART_LIMIT_MS = 10_000
const START_ROUNDS = 3

/** agent-spawn under its wrapper against supervisord, runit, s6 and pm2: memory, idle CPU, restarts, starts. */
export async function benchSupervise(): Promise<void> {
  const { supervisors, missing } = findSupervisors()
  if (missing.length > 0) process.stdout.write(`not here, so not compared: ${missing.join(', ')}\n`)
  await standing(supervisors, 10)
  const rest = await standing(supervisors, 100)
  for (const count of [10, 100]) await killing(supervisors, count)
  for (const count of [200, 1000]) await starting(supervisors, count)
  const ours = supervisors.find(({ name }) => name === OURS)
  if (ours !== undefined) await benchManyRestarts(ours, rest)
}

const percentile = (list: readonly number[], share: number) =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? Number.NaN

/** All supervisors with as many agents each at once: what they take at rest (the KB returned) and in an idle minute. */
async function standing(supervisors: readonly Supervisor[], count: number): Promise<Record<string, number>> {
  const all: Running[] = []
  try {
    for (const supervisor of supervisors) all.push(await startSupervisor(supervisor, makeAgents(count)))
    await sleep(SETTLE_MS)
    const before = all.map(one => one.footprint())
    await sleep(IDLE_MS)
    const after = all.map(one => one.footprint())
    printRest(all, before, after, count)
    return Object.fromEntries(all.map(({ name }, i) => [name, after[i]?.anon ?? Number.NaN]))
  } finally {
    for (const one of all) await one.close()
  }
}

function printRest(all: readonly Running[], before: readonly Footprint[], after: readonly Footprint[], count: number) {
  const anonOf = (name: string) => after[all.findIndex(one => one.name === name)]?.anon ?? Number.NaN
  const rows = all.map(({ name }, i) => {
    const now = after[i]
    if (now === undefined) return [name]
    const own = name === OURS && count >= 100
    return [
      name,
      `${now.processes}`,
      `${(now.anon / 1024).toFixed(1)} MB`,
      name === 'supervisord' ? '' : ratio(now.anon, anonOf('supervisord'), own ? { most: 0.6 } : undefined),
      name === 'runit' ? '' : ratio(now.anon, anonOf('runit'), own ? { most: 1.3 } : undefined),
      `${(now.pss / 1024).toFixed(1)} MB`,
      `${((now.cpu - (before[i]?.cpu ?? 0)) * 1000).toFixed(0)} ms`,
    ]
  })
  const heads = ['supervisor', 'processes', 'RssAnon', 'to supervisord', 'to runit', 'PSS', 'CPU in an idle minute']
  printTable(`${count} agents at rest, all of a supervisor's own processes`, heads, rows)
}

interface Kills {
  readonly name: string
  readonly ms: number[]
  readonly looks: number[]
}

/** The supervisors in turn, each alone on the host with its agents: what the others watch would be strangers to it. */
async function killing(supervisors: readonly Supervisor[], count: number): Promise<void> {
  const kills = supervisors.map(({ name }): Kills => ({ name, ms: [], looks: [] }))
  for (let round = 0; round < KILL_ROUNDS; round++) {
    for (const [i, supervisor] of supervisors.entries()) {
      const running = await startSupervisor(supervisor, makeAgents(count))
      try {
        await sleep(UP_MS)
        if (kills[i] !== undefined) await killSome(running, kills[i])
      } finally {
        await running.close()
      }
    }
  }
  printRestarts(kills, count)
}

/** No agent is killed that has not run for a while: to some supervisors that is another case. */
async function killSome(running: Running, { ms, looks }: Kills): Promise<void> {
  const agents = [...running.pids]
  for (let i = 0; i < KILLS; i++) {
    const pid = agents[i % agents.length]?.[1] ?? 0
    const restart = timeRestart(pid, RESTART_LIMIT_MS, isAgent)
    const command = agents[i % agents.length]?.[0] ?? ''
    agents[i % agents.length] = [command, restart.pid]
    running.pids.set(command, restart.pid)
    ms.push(restart.ms)
    looks.push((restart.ms * 1000) / restart.looks)
    await sleep(UP_MS / agents.length + 20)
  }
}

function printRestarts(kills: readonly Kills[], count: number): void {
  const runit = median(kills.find(({ name }) => name === 'runit')?.ms ?? [])
  const rows = kills.map(({ name, ms }) => [
    name,
    `${median(ms).toFixed(2)} ms`,
    name === 'runit' ? '' : ratio(median(ms), runit, name === OURS ? { most: 0.5 } : undefined),
    `${Math.min(...ms).toFixed(2)} ms`,
    `${percentile(ms, 0.95).toFixed(2)} ms`,
  ])
  const resolution = median(kills.flatMap(({ looks }) => looks))
  const title = `${count} agents: from SIGKILL to the new process, ${KILLS * KILL_ROUNDS} kills, a look every ${resolution.toFixed(0)} µs`
  printTable(title, ['supervisor', 'median', 'to runit', 'least', 'p95'], rows)
}

/** From the start of the supervisor until all of its agents run. */
async function starting(supervisors: readonly Supervisor[], count: number): Promise<void> {
  const seconds = supervisors.map((): number[] => [])
  for (let round = 0; round < START_ROUNDS; round++) {
    for (const [i, supervisor] of supervisors.entries()) {
      const running = await startSupervisor(supervisor, makeAgents(count))
      seconds[i]?.push(running.seconds)
      await running.close()
    }
  }
  const s6 = median(seconds[supervisors.findIndex(({ name }) => name === 's6')] ?? [])
  const rows = supervisors.map(({ name }, i) => {
    const all = seconds[i] ?? []
    return [
      name,
      `${median(all).toFixed(2)} s`,
      `${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}`,
      name === 's6' ? '' : ratio(median(all), s6, name === OURS ? { most: 1.6 } : undefined),
    ]
  })
  printTable(
    `${count} agents: from the start until all run, median of ${START_ROUNDS}`,
    ['supervisor', 'time', 'from–to', 'to s6'],
    rows,
  )
}
