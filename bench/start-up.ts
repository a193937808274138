import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, cost, freePort, inTurn, node, place, startServer } from './measure.ts'
import { writeZone } from './records.ts'
import { printTable, ratio } from './report.ts'

const ROUNDS = 41

/** The start-up table: each command with -V, and fetch-anyhost with its one request, against an empty Node program. */
export async function benchStartUp(): Promise<void> {
  const empty = join(place, 'empty.cjs')
  writeFileSync(empty, '')
  const commands = readdirSync(bin('')).filter(name => /^[a-z-]+$/.test(name))
  const zone = join(place, 'zone')
  await writeZone(zone, 1000)
  const port = await freePort()
  const server = await startServer([bin('serve-anyhost'), '-q', '-l', `127.0.0.1:${port}`, zone], port)
  const fetched = join(place, 'fetched')
  const fetch = [bin('fetch-anyhost'), '-o', fetched, `http://127.0.0.1:${port}/anyhost`]
  const runs = await inTurn(ROUNDS, {
    'empty Node program': () => cost([node, empty]),
    ...Object.fromEntries(commands.map(name => [`${name} -V`, () => cost([bin(name), '-V'])])),
    'fetch-anyhost, not modified': () => cost(fetch),
  })
  await server.close()
  const peer = runs['empty Node program']?.wall ?? Number.NaN
  const rows = Object.entries(runs).map(([name, run]) => [
    name,
    `${(run.wall * 1000).toFixed(1)} ms`,
    name.startsWith('empty') ? '' : ratio(run.wall, peer, { most: name.startsWith('fetch-anyhost,') ? 1.6 : 1.3 }),
  ])
  printTable(`Start-up, median of ${ROUNDS} runs in turn`, ['program', 'wall', 'ratio'], rows)
}
