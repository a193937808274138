import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What one run of a program cost. */
export interface Cost {
  readonly wall: number
  readonly cpu: number
  /** Peak resident memory in MB. */
  readonly peak: number
  readonly status: number | null
  readonly stdout: string
}

/** Where the project is. */
export const root = join(import.meta.dirname, '..')
/** The pinned Node. */
export const node = join(root, 'node_modules/.bin/node')
/** One of our commands. */
export const bin = (name: string) => join(root, 'bin', name)
/** A directory for this bench; removed at the end. */
export const place = mkdtempSync(join(tmpdir(), 'fleetutils-bench-'))
process.on('exit', () => rmSync(place, { recursive: true, force: true }))

/** Runs a program to its end under time(1): wall seconds, CPU seconds, peak memory. stdout is kept only when asked. */
export async function cost(argv: readonly string[], options: { stdin?: string; keep?: boolean } = {}): Promise<Cost> {
  const report = join(place, 'time')
  const input = options.stdin === undefined ? 'ignore' : openSync(options.stdin, 'r')
  const started = performance.now()
  const child = spawn('/usr/bin/time', ['-q', '-f', '%U %S %M', '-o', report, ...argv], {
    stdio: [input, options.keep ? 'pipe' : 'ignore', 'ignore'],
  })
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const wall = (performance.now() - started) / 1000
  if (typeof input === 'number') closeSync(input)
  const [user = 0, system = 0, peak = 0] = readFileSync(report, 'utf8').trim().split(' ').map(Number)
  return { wall, cpu: user + system, peak: peak / 1024, status, stdout }
}

/** The middle of `rounds` rounds in which all programs take turns, for wall, CPU and peak each. */
export async function inTurn(rounds: number, programs: Readonly<Record<string, () => Promise<Cost>>>) {
  const runs: Record<string, Cost[]> = {}
  for (let i = 0; i < rounds; i++) {
    for (const [name, run] of Object.entries(programs)) {
      const list = runs[name] ?? []
      list.push(await run())
      runs[name] = list
    }
  }
  return Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, middle(list)]))
}

function middle(list: readonly Cost[]): Cost {
  const by = (field: 'wall' | 'cpu' | 'peak') => median(list.map(run => run[field]))
  const last = list.at(-1)
  return {
    wall: by('wall'),
    cpu: by('cpu'),
    peak: by('peak'),
    status: last?.status ?? null,
    stdout: last?.stdout ?? '',
  }
}

/** The median of some numbers. */
export function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN
}

/** A free TCP port on loopback. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Starts a server and waits until it accepts on the port. It is ended by `close`. */
export async function startServer(argv: readonly string[], port: number) {
  const [program = '', ...args] = argv
  const child = spawn(program, args, { stdio: 'ignore' })
  for (let i = 0; i < 200; i++) {
    if (await accepts(port)) return { pid: child.pid ?? 0, close: () => end(child) }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  await end(child)
  throw new Error(`${program} does not accept on port ${port}`)
}

function end(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (child.exitCode !== null) return resolve()
    child.once('close', () => resolve())
    child.kill('SIGCONT')
    child.kill('SIGTERM')
  })
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
