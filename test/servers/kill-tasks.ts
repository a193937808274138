// Kills what works at tasks, at random moments: agent-spawn, ftp-get, install-pkg and remove-pkg. argv: KILLS GROUP HOST...; a HOST is a
//   directory with conf, base, run and log; pkg/Basic-VERSION.tar.gz are 1.0 and 1.1, and 1.2, whose program does not run. A server gives each
//   task again until it is told an end. Of odd hosts the agent is of type fork.
// At every moment: never two versions of the agent run. When a task has its end: package, configuration and process are of one version, the one
//   that the end tells; nothing half is left. Ends with 1 and what was wrong.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { allPids, hasEnded, readProc, statOf } from '../../lib/agent/process-id.ts'
import { openLines } from '../../lib/sys/line-client.ts'

const [kills = '200', group = '', ...names] = process.argv.slice(2)
const WORKERS = ['ftp-get', 'install-pkg', 'remove-pkg'] as const
const VERSIONS = ['1.0', '1.1', '1.2'] as const
const GOOD = ['1.0', '1.1']

type Fields = Readonly<Record<string, unknown>>

class Wrong extends Error {}

let left = Number(kills)
const killed = new Map<string, number>()
const ends = new Map<number, number>()

async function sleep(ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms))
}

function random(most: number): number {
  return Math.floor(Math.random() * most)
}

class Host {
  readonly dir: string
  readonly isFork: boolean
  daemon: ChildProcess | null = null
  version: string | null = null
  count = 0

  constructor(name: string, number: number) {
    this.dir = resolve(name)
    this.isFork = number % 2 === 1
  }

  async start(): Promise<void> {
    const err = openSync(join(this.dir, 'spawn.err'), 'a')
    const place = (name: string) => join(this.dir, name)
    const env = {
      ...process.env,
      ...{ BOOTAGENT_CONF: place('conf'), BOOTAGENT_BASE: place('base'), BOOTAGENT_RUN: place('run') },
      BOOTAGENT_LOG: place('log'),
    }
    const args = ['-d', place('conf'), '-C', `${group}-${this.dir.split('/').at(-1)}`, '--ready-fd', '3', '-l', 'debug']
    const child = spawn('agent-spawn', args, { env, stdio: ['ignore', err, err, 'pipe'] })
    this.daemon = child
    await new Promise((resolve, reject) => {
      child.stdio[3]?.once('data', resolve).on('error', () => {})
      child.once('exit', code => reject(new Wrong(`agent-spawn has ended with ${code}`)))
    })
    child.removeAllListeners('exit')
  }

  async ask(request: object): Promise<Fields> {
    const connection = await openLines(join(this.dir, 'run/BootAgent.sock'), 30)
    try {
      return JSON.parse(await connection.ask(JSON.stringify(request)))
    } finally {
      connection.close()
    }
  }

  /** The versions whose program runs, one for each process. */
  running(): readonly string[] {
    const place = join(this.dir, 'base/agents/Basic/')
    return allPids().flatMap(pid => {
      const stat = statOf(pid)
      try {
        const exe = readlinkSync(`/proc/${pid}/exe`)
        return exe.startsWith(place) && stat !== null && !hasEnded(stat)
          ? [exe.slice(place.length).split('/')[0] ?? '']
          : []
      } catch {
        return []
      }
    })
  }

  lookForTwins(): void {
    const versions = this.running()
    // A process may have ended while the others were looked at.
    if (versions.length > 1 && this.running().length > 1) throw new Wrong(`${this.dir}: ${versions} run at once`)
  }

  /** The processes that do something for a task. */
  workers(): readonly number[] {
    return allPids().filter(pid => {
      if (statOf(pid)?.ppid !== this.daemon?.pid) return false
      const words = (readProc(`/proc/${pid}/cmdline`) ?? '').split('\0')
      return WORKERS.some(worker => words.some(word => word.endsWith(`/${worker}`) || word === worker))
    })
  }

  /** Waits for somebody who works at a task, and a moment more. */
  async workerAtWork(): Promise<number | undefined> {
    for (const end = performance.now() + 3000; performance.now() < end; await sleep(10)) {
      if (this.workers().length === 0) continue
      await sleep(random(300))
      const [worker] = this.workers()
      if (worker !== undefined) return worker
    }
    return undefined
  }

  /** True: agent-spawn is killed. */
  async kill(): Promise<boolean> {
    const worker = random(2) === 0 ? await this.workerAtWork() : undefined
    const { daemon } = this
    if (worker !== undefined) {
      const words = (readProc(`/proc/${worker}/cmdline`) ?? '').split('\0')
      const name = WORKERS.find(name => words.some(word => word.endsWith(name))) ?? 'nobody any more'
      killed.set(name, (killed.get(name) ?? 0) + 1)
      try {
        process.kill(worker, 'SIGKILL')
      } catch {
        // It has just ended.
      }
      return false
    }
    if (daemon === null) throw new Wrong('there is no agent-spawn')
    killed.set('agent-spawn', (killed.get('agent-spawn') ?? 0) + 1)
    const ended = new Promise(resolve => daemon.once('exit', resolve))
    daemon.kill('SIGKILL')
    await ended
    return true
  }

  /** A task to another version, or away from the present one, and what is to be there when it is done. */
  next(): { readonly task: Fields; readonly target: string | null } {
    const id = `t${this.count++}`
    if (this.version !== null && random(5) === 0)
      return { task: { id, action: 'uninstall', name: 'Basic', version: this.version }, target: null }
    const others = VERSIONS.filter(version => version !== this.version)
    const target = others[random(others.length)] ?? '1.0'
    const file = resolve(`pkg/Basic-${target}.tar.gz`)
    const checksum = `SHA256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`
    const exec = join(this.dir, 'base/agents/Basic/current/bin', this.isFork ? 'start' : 'agent 3600')
    const type = this.isFork
      ? { type: 'fork', pidfile: join(this.dir, 'run/Basic.id'), startsecs: 1 }
      : { startsecs: 0 }
    const times = { restartsecs: 0, retries: 1, stopsecs: 5 }
    const envs = { PIDFILE: join(this.dir, 'run/Basic.id') }
    const parameter = { name: 'Basic', version: target, exec, autostart: true, envs, ...type, ...times }
    const task = {
      id,
      action: 'upgrade',
      name: 'Basic',
      version: target,
      url: `file://${file}`,
      checksum,
      speed: 1e6,
      parameter,
    }
    return { task, target }
  }

  /** The end of a task; null: it has none yet, `unknown`: agent-spawn knows nothing of it. */
  async endOf(id: unknown): Promise<Fields | null | 'unknown'> {
    const { tasks } = await this.ask({ ask: 'tasks' })
    const found = Array.isArray(tasks) ? tasks.find(task => task.id === id) : undefined
    return found === undefined ? 'unknown' : found.errcode < 0 ? null : found
  }

  /** Gives a task until there is an end. */
  async settle(task: Fields): Promise<Fields> {
    for (const limit = performance.now() + 120_000; performance.now() < limit; await sleep(30)) {
      this.lookForTwins()
      const end = await this.endOf(task['id'])
      if (end === 'unknown') await this.ask({ ask: 'task', task })
      else if (end !== null) return end
    }
    throw new Wrong(`${this.dir}: no end of ${JSON.stringify(task)} after 120 s`)
  }

  /** What is not of this version; null: all is. */
  fault(version: string | null): string | null {
    const base = join(this.dir, 'base')
    const read = (path: string): Fields => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {})
    const state = read(join(base, 'packages/Basic.json'))
    const config = read(join(this.dir, 'conf/Basic.json'))
    const running = this.running()
    const has = {
      package: state['version'] ?? null,
      config: config['version'] ?? null,
      running: running.join() || null,
    }
    const wanted = { package: version, config: version, running: version }
    if (JSON.stringify(has) !== JSON.stringify(wanted)) return `is ${JSON.stringify(has)}, not ${version}`
    if ((state['begun'] ?? null) !== null) return `has begun ${state['begun']}`
    if (existsSync(join(base, 'task.json'))) return 'has task.json'
    const halves = ['agents/Basic', 'packages/Basic'].flatMap(place =>
      existsSync(join(base, place)) ? readdirSync(join(base, place)).filter(name => name.startsWith('.')) : [],
    )
    return halves.length === 0 || version === null ? null : `has ${halves}`
  }

  async round(): Promise<void> {
    const { task, target } = this.next()
    await this.ask({ ask: 'task', task })
    for (const end = performance.now() + random(2) * random(2200); performance.now() < end; await sleep(40))
      this.lookForTwins()
    if (await this.kill()) await this.start()
    left--
    const { errcode, message } = await this.settle(task)
    const before = this.version
    this.version = errcode === 0 ? target : before
    let wrong: string | null = 'not looked'
    for (const limit = performance.now() + 20_000; performance.now() < limit && wrong !== null; await sleep(30))
      wrong = this.fault(this.version)
    const told = `was ${before}, ${task['action']} ${target}: ${errcode} ${message}`
    if (wrong !== null) throw new Wrong(`${this.dir}: ${told}; but it ${wrong}`)
    if (errcode === 0 && target !== null && !GOOD.includes(target)) throw new Wrong(`${this.dir}: ${told}`)
    ends.set(Number(errcode), (ends.get(Number(errcode)) ?? 0) + 1)
  }

  async live(): Promise<void> {
    await this.start()
    try {
      while (left > 0) await this.round()
    } catch (error) {
      left = 0 // of all the others, too
      throw error
    } finally {
      const { daemon } = this
      if (daemon !== null && daemon.exitCode === null && daemon.signalCode === null) {
        const ended = new Promise(resolve => daemon.once('exit', resolve))
        daemon.kill('SIGTERM')
        await ended
      }
    }
  }
}

const results = await Promise.allSettled(names.map((name, number) => new Host(name, number).live()))
const wrong = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
const told = (counts: ReadonlyMap<string | number, number>) =>
  [...counts].map(([what, n]) => `${what}: ${n}`).join(', ')
for (const error of wrong)
  process.stdout.write(`${error instanceof Wrong ? error.message : error instanceof Error ? error.stack : error}\n`)
process.stdout.write(`killed ${told(killed)}; ends ${told(ends)}\n`)
if (wrong.length > 0) process.exitCode = 1
