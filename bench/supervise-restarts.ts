import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from './measure.ts'
import { bound, printTable, ratio } from './report.ts'
import { makeAgents, makeBriefAgents, type Running, type Supervisor, startSupervisor } from './supervisors.ts'

const AGENTS = 100
const BRIEF = 4
const FIRST = 1_000
const LAST = 100_000
/** Longer than the minute in which agent-spawn gives memory back but once. */
const TRIM_MS = 75_000
const STEP_LIMIT_MS = 900_000
const SAMPLES = 15

/** What our memory is after 1,000 and after 100,000 restarts, while they go on, and at rest after all these events. */
export async function benchManyRestarts(ours: Supervisor, peers: Readonly<Record<string, number>>): Promise<void> {
  const brief = makeBriefAgents(BRIEF)
  const names = brief.map(({ name }) => name)
  const running = await startSupervisor(ours, [...makeAgents(AGENTS), ...brief])
  try {
    const rows: string[][] = []
    const rest: number[] = []
    for (const wanted of [FIRST, LAST]) {
      const before = performance.now()
      const restarts = await waitForRestarts(running, names, wanted)
      const minutes = (performance.now() - before) / 60_000
      const hot = Math.min(...(await anonOf(running))) // the least: each child that is being started has a copy of it all
      bootctl(running, ['stop', ...names])
      await sleep(TRIM_MS)
      rest.push(median(await anonOf(running)))
      const events = eventsOf(running)
      rows.push([
        `${restarts} restarts`,
        `${events}`,
        megabytes(hot),
        megabytes(rest.at(-1)),
        `${minutes.toFixed(1)} min`,
      ])
      if (wanted === FIRST) bootctl(running, ['start', '-t', '1', ...names])
    }
    const title = `bootagent with ${AGENTS} agents, and ${BRIEF} that end at once, restartsecs 0`
    printTable(title, ['after', 'events', 'RssAnon meanwhile', 'at rest', 'took'], rows)
    const [first = Number.NaN, last = Number.NaN] = rest
    const to = (name: string, most: number) => ratio(last, peers[name] ?? Number.NaN, { most })
    const heads = ['at rest after that', 'difference', 'to supervisord', 'to runit']
    const growth = bound((last - first) / 1024, 0.5, 'MB', 2)
    printTable('', heads, [[megabytes(last), growth, to('supervisord', 0.6), to('runit', 1.3)]])
  } finally {
    await running.close()
  }
}

const megabytes = (kilobytes = Number.NaN) => `${(kilobytes / 1024).toFixed(1)} MB`

/** Its output, whatever its status: an agent that ends at once never comes to run. */
function bootctl(running: Running, args: readonly string[]): string {
  return spawnSync(join(running.dir, 'bin/bootctl'), args, { env: running.env, encoding: 'utf8' }).stdout
}

async function waitForRestarts(running: Running, names: readonly string[], wanted: number): Promise<number> {
  const began = performance.now()
  for (;;) {
    const agents = bootctl(running, ['status', '-j', ...names])
      .trim()
      .split('\n')
    const restarts = agents.reduce((sum, line) => sum + Number(/"restarts":(\d+)/.exec(line)?.[1] ?? 0), 0)
    if (restarts >= wanted) return restarts
    if (performance.now() - began > STEP_LIMIT_MS) throw new Error(`only ${restarts} of ${wanted} restarts`)
    await sleep(Math.min(10_000, wanted / 2))
  }
}

/** The id of the last event counts all that were handled. */
function eventsOf(running: Running): number {
  return Number(/"id":(\d+)/.exec(bootctl(running, ['events', '-n', '1']))?.[1])
}

async function anonOf(running: Running): Promise<readonly number[]> {
  const samples: number[] = []
  for (let i = 0; i < SAMPLES; i++) {
    samples.push(running.footprint().anon)
    await sleep(200)
  }
  return samples
}
