import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, cost, freePort, inTurn, node, place, root, startServer } from './measure.ts'
import { printTable, ratio } from './report.ts'

const ROUNDS = 9
/** Runs in one measurement: time(1) counts CPU in hundredths of a second. */
const RUNS = 10
const MOST = 1.8

/** What one agent-report costs, against an empty Node program and against curl with the same request. */
export async function benchReportCost(): Promise<void> {
  const port = await freePort()
  const server = await startServer([join(root, 'contrib/testmocksvr'), '-l', `127.0.0.1:${port}`], port)
  const empty = file('empty.cjs', '')
  const snapshot = file('snapshot.ndjson', `${JSON.stringify(snapshotFor(port))}\n`)
  const { hostname, agentsn, version, feature, uptime, step, stats, agents, tasks, events } = snapshotFor(port)
  const status = { hostname, agentsn, version, feature, uptime, timestamp: 1, step, stats, agents, tasks, events }
  const body = file('status.json', JSON.stringify(status))
  const type = "-H 'Content-Type: application/json'"
  const loop = (line: string) => () => cost(['sh', '-ec', `for i in ${'x '.repeat(RUNS)}; do ${line}; done`])
  const runs = await inTurn(ROUNDS, {
    'empty Node program': loop(`${node} ${empty}`),
    'agent-report': loop(`${bin('agent-report')} <${snapshot}`),
    'curl -d @file': loop(`curl -fsS ${type} -d @${body} http://127.0.0.1:${port}/api/v1/agent/status`),
  })
  await server.close()
  const peer = runs['empty Node program']
  const rows = Object.entries(runs).map(([name, { wall, cpu, peak, status }]) => {
    if (status !== 0) throw new Error(`${name} failed with status ${status}`)
    const target = name === 'agent-report' ? { most: MOST } : undefined
    const against = (ours: number, theirs = Number.NaN) => (name.startsWith('empty') ? '' : ratio(ours, theirs, target))
    return [
      name,
      `${((wall / RUNS) * 1000).toFixed(1)} ms`,
      `${((cpu / RUNS) * 1000).toFixed(1)} ms`,
      against(cpu, peer?.cpu),
      `${peak.toFixed(1)} MB`,
      against(peak, peer?.peak),
    ]
  })
  const title = `One report, plain HTTP on loopback, median of ${ROUNDS} times ${RUNS} runs in turn`
  printTable(title, ['program', 'wall', 'CPU', 'ratio', 'peak memory', 'ratio'], rows)
}

function file(name: string, text: string): string {
  const path = join(place, name)
  writeFileSync(path, text)
  return path
}

/** A host with 20 agents and 100 events that wait. */
function snapshotFor(port: number) {
  const list = <T>(count: number, item: (i: number) => T) => Array.from({ length: count }, (_, i) => item(i))
  return {
    type: 'snapshot',
    hostname: 'host1',
    agentsn: '33c5b8b4-5a2c-43c5-ab90-96721451b4ec',
    registered: true,
    servers: [`127.0.0.1:${port}`],
    version: '1.2.4-x86_64',
    feature: 1,
    uptime: 1234,
    step: 600,
    stats: { task: [0, 9, 1, 0] },
    agents: list(20, i => ({ name: `Agent${i}`, version: '1.2.3', status: 'running', uptime: 1234 })),
    tasks: [{ id: 'ddc8a9b9-55bd-4ddd-b53d-47095ee19466', errcode: 0, message: 'success' }],
    events: list(100, i => ({
      id: i + 1,
      timestamp: 1_790_000_000 + i,
      category: 'agent',
      subject: `Agent${i % 20}`,
      extra: '1.2.3',
      message: 'resource overflow, CPU(31%)',
    })),
  }
}
