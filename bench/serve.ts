import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { bin, cost, freePort, median, place, startServer } from './measure.ts'
import { startNginx } from './nginx.ts'
import { writeZone } from './records.ts'
import { printTable, ratio } from './report.ts'

const REQUESTS = 40_000
const CONNECTIONS = 50
const DOMAINS = 550 // makes a file of about 200 KB

/** serve-anyhost against one nginx worker, in requests a second: not modified, and a file of about 200 KB. */
export async function benchServe(): Promise<void> {
  const directory = join(place, 'served')
  mkdirSync(directory)
  const zone = join(directory, 'anyhost')
  await writeZone(zone, DOMAINS)
  const nginx = await startNginx(directory)
  const port = await freePort()
  const ours = await startServer([bin('serve-anyhost'), '-q', '-l', `127.0.0.1:${port}`, zone], port)
  const rows: string[][] = []
  for (const [title, conditional, least] of [
    ['304', true, 0.25],
    ['200, 200 KB', false, 0.6],
  ] as const) {
    const speeds: Record<'ours' | 'nginx', number[]> = { ours: [], nginx: [] }
    for (let i = 0; i < 3; i++) {
      for (const [who, at] of [
        ['nginx', nginx.port],
        ['ours', port],
      ] as const) {
        const url = `http://127.0.0.1:${at}/anyhost`
        speeds[who].push(await requestsPerSecond(url, conditional ? await etagOf(url) : undefined))
      }
    }
    const [mine, peer] = [median(speeds.ours), median(speeds.nginx)]
    rows.push([title, mine.toFixed(0), peer.toFixed(0), ratio(mine, peer, { least })])
  }
  await ours.close()
  await nginx.close()
  const title = `serve-anyhost against one nginx worker, hey -c ${CONNECTIONS}`
  printTable(title, ['answer', 'ours/s', 'nginx/s', 'ratio'], rows)
}

async function etagOf(url: string): Promise<string> {
  const response = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } })
  return response.headers.get('etag') ?? ''
}

async function requestsPerSecond(url: string, etag: string | undefined): Promise<number> {
  const condition = etag === undefined ? [] : ['-H', `If-None-Match: ${etag}`]
  const options = ['-disable-compression', '-n', `${REQUESTS}`, '-c', `${CONNECTIONS}`]
  const run = await cost(['hey', ...options, ...condition, url], { keep: true })
  const wanted = etag === undefined ? '[200]' : '[304]'
  if (!run.stdout.includes(`${wanted}\t${REQUESTS} responses`)) throw new Error(`${url}: not all were ${wanted}`)
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(run.stdout)?.[1])
}
