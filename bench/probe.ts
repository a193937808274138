import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { bin, type Cost, cost, freePort, inTurn, node, place, startServer } from './measure.ts'
import { startNginx } from './nginx.ts'
import { makeTarget } from './records.ts'
import { bound, printTable, ratio } from './report.ts'

const CONNECTIONS = 200
const CURL_MOST = 300 // curl allows no more at once

/** Probing against curl and hey: 1,000 × 2 MB, 1,000 × 20 MB, and 10,000 addresses that do not answer. */
export async function benchProbe(): Promise<void> {
  const directory = join(place, 'files')
  mkdirSync(directory)
  const nginx = await startNginx(directory)
  await downloads(directory, nginx.port, 2, 5)
  await downloads(directory, nginx.port, 20, 1)
  await nginx.close()
  await silence(10_000)
}

const addressOf = (i: number) => `127.1.${Math.floor(i / 250)}.${(i % 250) + 1}`

async function downloads(directory: string, port: number, megabytes: number, rounds: number): Promise<void> {
  const path = `/${megabytes}M.dat`
  const limit = megabytes * 1024 * 1024
  writeFileSync(join(directory, path), Buffer.alloc(limit, 'x'))
  const request = { verb: 'GET', host: 'fake.com', path, body_file: null, body_type: null }
  const { targets, urls } = writeLists(1000, () => port, { limit, request, timeout: 120 }, path)
  const parallel = ['--parallel', '--parallel-max', `${CONNECTIONS}`]
  const hey = ['-n', '1000', '-c', `${CONNECTIONS}`, '-disable-keepalive', '-t', '120']
  const runs = await inTurn(rounds, {
    'probe-ips': () => cost([bin('probe-ips'), '-c', `${CONNECTIONS}`, '-t', '120', '-q', targets]),
    'curl --parallel': () => cost(['curl', '-s', ...parallel, '-K', urls]),
    hey: () => cost(['hey', ...hey, `http://127.0.0.1:${port}${path}`]),
  })
  print(`1,000 × ${megabytes} MB at ${CONNECTIONS} connections`, runs, 80)
}

/** Half refuse at once; half never take the connection: the queue of a stopped listener is full. */
async function silence(count: number): Promise<void> {
  const closed = await freePort()
  const port = await freePort()
  const script = `require('node:net').createServer().listen({ host: '0.0.0.0', port: ${port}, backlog: 1 })`
  const deaf = await startServer([node, '-e', script], port)
  process.kill(deaf.pid, 'SIGSTOP')
  const queue: Socket[] = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await new Promise(resolve => setTimeout(resolve, 500))
  const { targets, urls } = writeLists(count, i => (i % 2 === 0 ? closed : port), { timeout: 1 }, '/')
  const runs = await inTurn(3, {
    'probe-ips': () => cost([bin('probe-ips'), '-c', `${CURL_MOST}`, '-t', '1', '-q', targets]),
    'curl --parallel': () =>
      cost(['curl', '-s', '--connect-timeout', '1', '--parallel', '--parallel-max', `${CURL_MOST}`, '-K', urls]),
  })
  for (const socket of queue) socket.destroy()
  await deaf.close()
  print(`${count} addresses, half refuse and half time out after 1 s, ${CURL_MOST} at once`, runs)
}

function writeLists(count: number, portOf: (i: number) => number, given: object, path: string) {
  const targets = join(place, 'targets')
  const urls = join(place, 'urls')
  const each = <T>(make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
  const target = (i: number) =>
    makeTarget({ domain: `d${i}.example.com.`, ip: [addressOf(i)], port: portOf(i), ...given })
  const url = (i: number) => `url = "http://${addressOf(i)}:${portOf(i)}${path}"\noutput = "/dev/null"\n`
  writeFileSync(targets, each(i => `${target(i)}\n`).join(''))
  writeFileSync(urls, each(url).join(''))
  return { targets, urls }
}

function print(title: string, runs: Readonly<Record<string, Cost>>, most?: number): void {
  const peer = runs['curl --parallel']
  const rows = Object.entries(runs).map(([name, run]) => {
    const own = name === 'probe-ips' && peer !== undefined
    return [
      name,
      `${run.wall.toFixed(2)} s`,
      own ? ratio(run.wall, peer.wall, { most: 1.1 }) : '',
      `${run.cpu.toFixed(2)} s`,
      own ? ratio(run.cpu, peer.cpu, { most: 1.2 }) : '',
      own && most !== undefined ? bound(run.peak, most, 'MB') : `${run.peak.toFixed(0)} MB`,
    ]
  })
  printTable(title, ['program', 'wall', 'to curl', 'CPU', 'to curl', 'peak'], rows)
}
