// Kills agent-spawn with SIGKILL again and again at random moments and starts it again at once. argv: KILLS MARK GROUP [OPTION...];
//   what has MARK in its command line belongs to this test. agents.json: [{ name, type, line, workers, worker }]: the command lines
//   of its main process and of its workers, and how many of these there are.
// At every moment: no agent twice. After each start that is waited for: all of them, once, as `status` says; of type simple: children of this
// agent-spawn; of type fork: the pids they had before. After every second kill, and the last one: nothing of type simple but workers. Ends with 1 and what was wrong.
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { allPids, hasEnded, readProc, statOf } from '../../lib/agent/process-id.ts'
import { openLines } from '../../lib/sys/line-client.ts'

interface Plan {
  readonly name: string
  readonly type: 'simple' | 'fork' | 'ends'
  readonly line: string
  readonly workers: number
  readonly worker: string
}

interface Found {
  readonly pid: number
  readonly ppid: number
  readonly startTime: number
  readonly line: string
}

const [kills = '100', mark = '', group = '', ...options] = process.argv.slice(2)
const run = process.env['BOOTAGENT_RUN'] ?? ''
const conf = process.env['BOOTAGENT_CONF'] ?? ''
const plans: readonly Plan[] = JSON.parse(readFileSync('agents.json', 'utf8'))
const lasting = plans.filter(({ type }) => type !== 'ends')
const err = openSync('spawn.err', 'a')
const forks = new Map<string, number>()
let daemon: ChildProcess | null = null
let looks = 0
let waited = 0

class Wrong extends Error {}

function findOurs(): readonly Found[] {
  const own = new Set([process.pid, process.ppid, daemon?.pid])
  const found: Found[] = []
  for (const pid of allPids()) {
    const line = (readProc(`/proc/${pid}/cmdline`) ?? '').replace(/\0$/, '').replaceAll('\0', ' ')
    if (!(line.includes(mark) || plans.some(plan => line.includes(plan.line))) || own.has(pid)) continue
    const stat = statOf(pid)
    if (stat !== null && !hasEnded(stat)) found.push({ pid, ppid: stat.ppid, startTime: stat.startTime, line })
  }
  return found
}

/** Those of this command line; a child of one that has not executed anything yet looks the same. */
function mainsOf(ours: readonly Found[], line: string): readonly Found[] {
  const same = ours.filter(found => found.line === line)
  return same.filter(({ ppid }) => !same.some(({ pid }) => pid === ppid))
}

function isThere({ pid, startTime }: Found): boolean {
  const stat = statOf(pid)
  return stat !== null && !hasEnded(stat) && stat.startTime === startTime
}

function lookForTwins(): void {
  looks++
  const ours = findOurs()
  for (const { name, line } of lasting) {
    const twins = mainsOf(ours, line)
    // The one may have ended before the other began.
    if (twins.length > 1 && twins.filter(isThere).length > 1)
      throw new Wrong(`${name} runs ${twins.length} times: ${JSON.stringify(twins)}`)
  }
}

async function sleep(ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms))
}

/** Looks for twins all the time for so long. */
async function watch(ms: number, until: () => boolean = () => false): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end && !until(); await sleep(5)) lookForTwins()
}

async function ask(request: object): Promise<Record<string, unknown>> {
  const connection = await openLines(join(run, 'BootAgent.sock'), 10)
  try {
    return JSON.parse(await connection.ask(JSON.stringify(request)))
  } finally {
    connection.close()
  }
}

function begin(): { readonly isReady: () => boolean } {
  let ready = false
  daemon = spawn('agent-spawn', ['-d', conf, '-C', group, '--ready-fd', '3', ...options], {
    stdio: ['ignore', err, err, 'pipe'],
  })
  daemon.stdio[3]?.once('data', () => (ready = true)).on('error', () => {})
  return { isReady: () => ready }
}

function running(): ChildProcess | null {
  return daemon
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const child = running()
  if (child === null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Wrong(`agent-spawn has ended: ${child.exitCode ?? child.signalCode}`)
  child.kill(signal)
  await ended
}

/** What is not as it should be; null: nothing. */
async function fault(): Promise<string | null> {
  const answer = await ask({ ask: 'status', names: [] })
  const agents = new Map<string, Record<string, unknown>>()
  for (const agent of Array.isArray(answer['agents']) ? answer['agents'] : []) agents.set(agent.name, agent)
  const ours = findOurs()
  const known = new Set<number>()
  for (const { name, type, line, workers, worker } of lasting) {
    const agent = agents.get(name)
    const mains = mainsOf(ours, line)
    const main = mains[0]
    const others = ours.filter(found => found.line === worker)
    for (const { pid } of [...mains, ...others]) known.add(pid)
    if (main === undefined || mains.length > 1) return `${name} runs ${mains.length} times`
    if (others.length !== workers) return `${name} has ${others.length} workers`
    if (agent?.['status'] !== 'running' || agent['pid'] !== main.pid)
      return `${name} is ${main.pid}: ${JSON.stringify(agent)}`
    if (type === 'simple' && main.ppid !== daemon?.pid)
      return `${name} is no child of ${daemon?.pid}: ${JSON.stringify(main)}`
    const before = forks.get(name)
    if (type === 'fork' && before !== undefined && before !== main.pid)
      return `${name} was ${before} and is ${main.pid}`
    if (type === 'fork') forks.set(name, main.pid)
  }
  const ending = plans.filter(({ type }) => type === 'ends')
  const strange = ours.filter(({ pid, line }) => !known.has(pid) && !ending.some(plan => line.includes(plan.line)))
  return strange.length === 0 ? null : `not of any agent: ${JSON.stringify(strange)}`
}

async function allWell(): Promise<void> {
  let wrong: string | null = 'nothing was asked'
  for (const limit = performance.now() + 60_000; performance.now() < limit && wrong !== null; await sleep(5)) {
    lookForTwins()
    wrong = await fault()
  }
  if (wrong !== null) throw new Wrong(`after 60 s: ${wrong}`)
  waited++
}

/** Nothing of type simple but workers outlives agent-spawn, with nobody there who ends it. */
async function noOrphans(): Promise<void> {
  const orphans = () => findOurs().filter(({ line }) => plans.some(plan => plan.type !== 'fork' && plan.line === line))
  for (const limit = performance.now() + 30_000; orphans().length > 0; await sleep(5))
    if (performance.now() > limit) throw new Wrong(`orphans: ${JSON.stringify(orphans())}`)
}

function random(most: number): number {
  return Math.random() * most
}

async function round(number: number): Promise<void> {
  const { isReady } = begin()
  if (number % 3 > 0) return await watch(random(number % 3 === 1 ? 250 : 500))
  await watch(60_000, isReady)
  await allWell()
  if (number % 2 === 0) {
    // Others ask for restarts meanwhile; of fork agents too, whose pids change then.
    for (const { name, type } of lasting) {
      if (type === 'fork') forks.delete(name)
      void ask({ ask: 'restart', name, wait: 0 }).catch(() => {})
    }
  }
  await watch(random(400))
}

try {
  for (let number = 0; number < Number(kills); number++) {
    await round(number)
    await end('SIGKILL')
    if (number % 2 === 1) await noOrphans() // else the next one comes while they may still be ending
  }
  const { isReady } = begin()
  await watch(60_000, isReady)
  await allWell()
  await end('SIGKILL')
  await noOrphans()
  process.stdout.write(`${kills} kills, ${looks} looks, ${waited} times all was well\n`)
} catch (error) {
  process.stdout.write(`${error instanceof Wrong ? error.message : error instanceof Error ? error.stack : error}\n`)
  running()?.kill('SIGKILL')
  process.exitCode = 1
}
