import { randomFillSync } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { bin, type Cost, cost, freePort, inTurn, place, startServer } from './measure.ts'
import { startNginx } from './nginx.ts'
import { bound, printTable, ratio } from './report.ts'

const BYTES = 500_000_000
const LARGE = 2_000_000_000
const PART = 20_000_000
const ROUNDS = 3
const RATE_KB = 2000
/** Bytes a second of one connection; nginx gives those of a second at once. */
const SLOW = 1_000_000
const directory = join(place, 'downloads')
const got = join(place, 'got')

/** ftp-get of 500 MB to a verified file against curl and sha256sum, lftp and aria2; its rate, and -n over slow connections. */
export async function benchDownload(): Promise<void> {
  mkdirSync(directory)
  writeRandom(join(directory, 'file'), BYTES)
  writeRandom(join(directory, 'part'), PART)
  writeFileSync(join(directory, 'large'), '')
  truncateSync(join(directory, 'large'), LARGE)
  const slow = `location /slow/ { alias ${directory}/; limit_rate ${SLOW}; }`
  const nginx = await startNginx(directory, slow)
  const ftpd = await startVsftpd(directory)
  const rows: string[][] = []
  for (const url of [`http://127.0.0.1:${nginx.port}/file`, `ftp://127.0.0.1:${ftpd.port}/file`]) {
    rows.push(...(await compare(url)))
  }
  const heads = ['program', 'wall s', 'CPU s', 'peak MB', 'ftp-get: wall', 'peak']
  printTable(`${BYTES / 1e6} MB to a verified file`, heads, rows)
  const site = `http://127.0.0.1:${nginx.port}`
  printTable(
    'ftp-get',
    ['what', 'wall s', 'result'],
    [
      ...(await rates(`${site}/part`)),
      ...(await connections(`${site}/slow/part`)),
      ...(await largest(`${site}/large`)),
    ],
  )
  await nginx.close()
  await ftpd.close()
}

async function compare(url: string): Promise<string[][]> {
  const sum = (await cost(['sha256sum', join(directory, 'file')], { keep: true })).stdout.slice(0, 64)
  const file = join(got, 'file')
  const verify = `sha256sum ${file} | grep -q ${sum}`
  const run = (argv: readonly string[]) => async () => {
    rmSync(got, { recursive: true, force: true })
    mkdirSync(got)
    const spent = await cost(argv)
    if (spent.status !== 0 || statSync(file).size !== BYTES) throw new Error(`${argv.join(' ')}: ${spent.status}`)
    return spent
  }
  const aria2 = ['aria2c', '-q', '--allow-overwrite=true', '--file-allocation=none', `--checksum=sha-256=${sum}`]
  const found = await inTurn(ROUNDS, {
    'ftp-get': run([bin('ftp-get'), '--sha256', sum, '-o', got, url]),
    'curl, sha256sum': run(['sh', '-c', `curl -sSf -o ${file} ${url} && ${verify}`]),
    'lftp, sha256sum': run(['sh', '-c', `lftp -c 'get ${url} -o ${file}' && ${verify}`]),
    ...(url.startsWith('http') ? { aria2: run([...aria2, '-d', got, url]) } : {}),
  })
  const ours = found['ftp-get']
  if (ours === undefined) return []
  return Object.entries(found).map(([name, spent]) => [
    `${url.split(':')[0]}: ${name}`,
    ...figures(spent),
    name.startsWith('curl') ? ratio(ours.wall, spent.wall, { most: 0.85 }) : ratio(ours.wall, spent.wall),
    name === 'ftp-get' ? bound(ours.peak, 100, 'MB') : '',
  ])
}

function figures({ wall, cpu, peak }: Cost): string[] {
  return [wall.toFixed(2), cpu.toFixed(2), peak.toFixed(0)]
}

/** What -r gives, by the time that ftp-get tells. */
async function rates(url: string): Promise<string[][]> {
  const rows: string[][] = []
  for (const n of ['1', '4']) {
    const spent = await fetched(['-r', `${RATE_KB}`, '-n', n, url])
    const off = Math.abs(PART / 1024 / secondsOf(spent) / RATE_KB - 1) * 100
    rows.push([`-r ${RATE_KB} -n ${n}: off by`, spent.wall.toFixed(2), bound(off, 3, '%', 1)])
  }
  return rows
}

/** What -n 4 gains where each connection is slow, beside aria2. */
async function connections(url: string): Promise<string[][]> {
  const one = await fetched([url])
  const four = await fetched(['-n', '4', url])
  const aria2 = ['aria2c', '-q', '--allow-overwrite=true', '--file-allocation=none', '-k', '1M', '-x', '4', '-s', '4']
  const peer = await cost([...aria2, '-d', got, '-o', 'aria2', url])
  return [
    ['-n 1, slow connections', one.wall.toFixed(2), ''],
    ['-n 4, slow connections', four.wall.toFixed(2), ratio(one.wall, four.wall, { least: 3.5 })],
    ['aria2 -x 4, slow connections', peer.wall.toFixed(2), ratio(one.wall, peer.wall)],
  ]
}

async function largest(url: string): Promise<string[][]> {
  const spent = await fetched([url])
  const four = await fetched(['-n', '4', url])
  return [
    [`${LARGE / 1e6} MB: peak`, spent.wall.toFixed(2), bound(spent.peak, 100, 'MB')],
    [`${LARGE / 1e6} MB, -n 4: peak`, four.wall.toFixed(2), bound(four.peak, 100, 'MB')],
  ]
}

async function fetched(args: readonly string[]): Promise<Cost> {
  const spent = await cost([bin('ftp-get'), '-o', join(got, 'fetched'), ...args], { keep: true })
  if (spent.status !== 0) throw new Error(`ftp-get ${args.join(' ')}: ${spent.status}`)
  return spent
}

function secondsOf({ stdout }: Cost): number {
  const record: unknown = JSON.parse(stdout)
  return typeof record === 'object' && record !== null && 'seconds' in record ? Number(record.seconds) : Number.NaN
}

function writeRandom(path: string, bytes: number): void {
  const file = openSync(path, 'w')
  const piece = Buffer.alloc(1_000_000)
  for (let at = 0; at < bytes; at += piece.length) writeSync(file, randomFillSync(piece))
  closeSync(file)
}

async function startVsftpd(root: string) {
  const port = await freePort()
  const conf = join(place, 'vsftpd.conf')
  const empty = join(place, 'empty')
  mkdirSync(empty)
  chmodSync(place, 0o755)
  const lines = [
    'listen=YES',
    'listen_address=127.0.0.1',
    `listen_port=${port}`,
    'background=NO',
    'anonymous_enable=YES',
    `anon_root=${root}`,
    'ftp_username=daemon',
    'nopriv_user=nobody',
    `secure_chroot_dir=${empty}`,
    'seccomp_sandbox=NO',
  ]
  writeFileSync(conf, `${lines.join('\n')}\n`)
  const server = await startServer(['vsftpd', conf], port)
  return { port, close: server.close }
}
