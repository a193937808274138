import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from './measure.ts'
import { bound, printTable, ratio } from './report.ts'
import { makeAgents, makeBriefAgents, type Running, type Supervisor, startSupervisor } from './supervisors.ts'

const AGENTS = 100
const BRIEF = 4
const FIRST = 1_000
const LAST = 100_000
const SETTLE_MS = 15_000
const STEP_LIMIT_MS = 900_000
const SAMPLES = 15

/** What our memory is after 1,000 and after 100,000 restarts, while they go on, and at rest after all these events. */
export async function benchManyRestarts(ours: Supervisor, peers: Readonly<Record<string, number>>): Promise<void> {
  const brief = makeBriefAgents(BRIEF)
  const names = brief.map(({ name }) => name)
  const running = await startSupervisor(ours, [...makeAgents(AGENTS), ...brief])
  try {
    const began = performance.now()
    const rows: string[][] = []
    const anon: number[] = []
    for (const wanted of [FIRST, LAST]) {
      const restarts = await waitForRestarts(running, names, wanted)
      const perSecond = (restarts * 1000) / (performance.now() - began)
      anon.push(await medianAnon(running))
      rows.push([`after ${restarts} restarts`, megabytes(anon.at(-1)), '', '', `${perSecond.toFixed(0)}/s`])
    }
    const growth = ((anon[1] ?? Number.NaN) - (anon[0] ?? Number.NaN)) / 1024
    rows.push(['difference', bound(growth, 1, 'MB', 1), '', '', ''])
    bootctl(running, ['stop', ...names])
    await sleep(SETTLE_MS)
    const rest = await medianAnon(running)
    const to = (name: string, most: number) => ratio(rest, peers[name] ?? Number.NaN, { most })
    rows.push([
      `at rest after ${eventsOf(running)} events`,
      megabytes(rest),
      to('supervisord', 0.6),
      to('runit', 1.3),
      '',
    ])
    const title = `bootagent with ${AGENTS} agents, and ${BRIEF} that end at once, restartsecs 0`
    printTable(title, ['when', 'RssAnon', 'to supervisord', 'to runit', 'restarts'], rows)
  } finally {
    await running.close()
  }
}

const megabytes = (kilobytes = Number.NaN) => `${(kilobytes / 1024).toFixed(1)} MB`

function bootctl(running: Running, args: readonly string[]): string {
  return execFileSync(join(running.dir, 'bin/bootctl'), args, { env: running.env, encoding: 'utf8' })
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

async function medianAnon(running: Running): Promise<number> {
  const samples: number[] = []
  for (let i = 0; i < SAMPLES; i++) {
    samples.push(running.footprint().anon)
    await sleep(200)
  }
  return median(samples)
}
