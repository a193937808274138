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
  const ftpd = await startVsftpd('vsftpd', [])
  const slowFtpd = await startVsftpd('slow-vsftpd', [`anon_max_rate=${SLOW}`])
  const web = `http://127.0.0.1:${nginx.port}`
  const ftp = `ftp://127.0.0.1:${ftpd.port}`
  const compared = [...(await compare(`${web}/file`)), ...(await compare(`${ftp}/file`))]
  const heads = ['program', 'wall s', 'CPU s', 'peak MB', 'ftp-get: wall', 'CPU', 'peak']
  printTable(`${BYTES / 1e6} MB to a verified file`, heads, compared)
  const rows = [
    ...(await rates(`${web}/part`)),
    ...(await rates(`${ftp}/part`)),
    ...(await connections(`${web}/slow/part`)),
    ...(await connections(`ftp://127.0.0.1:${slowFtpd.port}/part`)),
    ...(await largest(`${web}/large`)),
    ...(await largest(`${ftp}/large`)),
  ]
  printTable('ftp-get: rate, connections, memory', ['what', 'ours', 'beside', 'result'], rows)
  for (const server of [nginx, ftpd, slowFtpd]) await server.close()
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
    aria2: run([...aria2, '-d', got, url]),
  })
  const ours = found['ftp-get']
  if (ours === undefined) return []
  return Object.entries(found).map(([name, spent]) => [
    `${schemeOf(url)}: ${name}`,
    ...figures(spent),
    ...(name === 'ftp-get'
      ? ['', '', bound(ours.peak, 100, 'MB')]
      : [
          ratio(ours.wall, spent.wall, name.startsWith('curl') ? { most: 0.85 } : undefined),
          ratio(ours.cpu, spent.cpu),
          ratio(ours.peak, spent.peak),
        ]),
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
    const rate = PART / 1024 / secondsOf(spent)
    const off = Math.abs(rate / RATE_KB - 1) * 100
    rows.push([
      `${schemeOf(url)}: -r ${RATE_KB} -n ${n}`,
      `${rate.toFixed(0)} KB/s`,
      `${RATE_KB} KB/s asked`,
      bound(off, 3, '%', 1),
    ])
  }
  return rows
}

/** What -n 4 gains where each connection is slow, beside aria2. */
async function connections(url: string): Promise<string[][]> {
  const one = await fetched([url])
  const four = await fetched(['-n', '4', url])
  const aria2 = ['aria2c', '-q', '--allow-overwrite=true', '--file-allocation=none', '-k', '1M', '-x', '4', '-s', '4']
  const peer = await cost([...aria2, '-d', got, '-o', 'aria2', url])
  const seconds = ({ wall }: Cost) => `${wall.toFixed(2)} s`
  const what = `${schemeOf(url)}: slow connections, -n 4`
  return [
    [what, seconds(four), `-n 1: ${seconds(one)}`, ratio(one.wall, four.wall, { least: 3.5 })],
    [what, seconds(four), `aria2 -x 4: ${seconds(peer)}`, ratio(four.wall, peer.wall)],
  ]
}

async function largest(url: string): Promise<string[][]> {
  const rows: string[][] = []
  for (const n of ['1', '4']) {
    const { peak, wall } = await fetched(['-n', n, url])
    const what = `${schemeOf(url)}: ${LARGE / 1e6} MB, -n ${n}: peak memory`
    rows.push([what, `${peak.toFixed(0)} MB`, `${wall.toFixed(2)} s`, bound(peak, 100, 'MB')])
  }
  return rows
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':'))
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

/** vsftpd that serves the files to anonymous, which becomes a user whose home is there. */
async function startVsftpd(name: string, more: readonly string[]) {
  const port = await freePort()
  const conf = join(place, `${name}.conf`)
  const empty = join(place, 'empty')
  mkdirSync(empty, { recursive: true })
  chmodSync(place, 0o755)
  const lines = [
    'listen=YES',
    'listen_address=127.0.0.1',
    `listen_port=${port}`,
    'background=NO',
    'anonymous_enable=YES',
    `anon_root=${directory}`,
    'ftp_username=daemon',
    'nopriv_user=nobody',
    `secure_chroot_dir=${empty}`,
    'seccomp_sandbox=NO',
    ...more,
  ]
  writeFileSync(conf, `${lines.join('\n')}\n`)
  const server = await startServer(['vsftpd', conf], port)
  return { port, close: server.close }
}
