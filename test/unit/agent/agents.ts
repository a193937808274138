import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { ProcessId } from '../../../lib/agent/life.ts'
import { isAlive, processIdOf, statOf } from '../../../lib/agent/process-id.ts'
import { spawnAgent } from '../../../lib/agent/spawn-agent.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'

/** Root may become others and make groups; without it those tests are skipped by name. */
export const needRoot = { skip: process.geteuid?.() === 0 ? false : 'needs root' }

/** Root in a container may not be allowed to mount, or to have namespaces. */
export const needMounts = {
  skip:
    spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0 ? false : 'needs mounts and namespaces',
}

/** A configuration with every default. */
export function agentConfig(argv: readonly [string, ...string[]], fields: Partial<AgentConfig> = {}): AgentConfig {
  return {
    name: 'one',
    version: '1',
    exec: argv.join(' '),
    argv,
    type: 'simple',
    pidfile: null,
    user: null,
    group: null,
    envs: {},
    startsecs: 10,
    autostart: false,
    single: true,
    stopsignal: 'SIGTERM',
    stopsecs: 60,
    stopasgroup: true,
    stopit: false,
    restartsecs: 20,
    retries: 3,
    exitcodes: [0],
    autorestart: 'yes',
    cgroup: null,
    limits: null,
    check: null,
    heartbeat: null,
    checks: 3,
    checksecs: 20,
    checkall: false,
    ...fields,
  }
}

/** A directory that is gone after the test. */
export function scratch(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'agents-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A process that a test has started: ended with its group at the end of the test. */
export interface Started {
  readonly id: ProcessId
  readonly output: () => string
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/** Starts a chain as agent-spawn does. */
export function start(
  t: TestContext,
  chain: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin' },
): Started {
  const file = join(scratch(t), 'output')
  const output = openSync(file, 'a')
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; signal: string | null }>()
  const id = spawnAgent(chain, { env, output, onExit: (code, signal) => resolve({ code, signal }) })
  const alive = setInterval(() => {}, 60_000) // the child does not keep the loop going
  t.after(() => clearInterval(alive))
  closeSync(output)
  t.after(() => endGroup(id.pid))
  return { id, output: () => readFileSync(file, 'utf8'), ended: promise }
}

/** Starts a sleep(1) under this name and ends it; its parent does not ask how. */
export async function startZombie(t: TestContext, sleep: string): Promise<ProcessId> {
  const parent = start(t, ['/bin/sh', '-c', `${sleep} 60 & echo $!; exec /bin/sleep 60`])
  const comm = () => readFileSync(`/proc/${parent.id.pid}/comm`, 'latin1')
  await until('the shell is gone', () => comm() === 'sleep\n')
  const zombie = processIdOf(Number(parent.output()))
  if (zombie === null) throw new Error('it does not run')
  process.kill(zombie.pid, 'SIGKILL')
  await until('it is a zombie', () => statOf(zombie.pid)?.state === 'Z')
  return zombie
}

/** Ends what a test has started. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Waits until it is so, 10 s at most. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (holds()) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error(`it did not come to pass: ${what}`)
}

/** Waits until this process has ended. */
export function gone(id: ProcessId): Promise<void> {
  return until(`process ${id.pid} ends`, () => !isAlive(id))
}
