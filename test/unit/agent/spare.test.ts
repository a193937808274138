import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Account } from '../../../lib/agent/account.ts'
import { environmentOf } from '../../../lib/agent/command-chain.ts'
import type { ProcessId } from '../../../lib/agent/life.ts'
import { readProc, statOf } from '../../../lib/agent/process-id.ts'
import { Spare } from '../../../lib/agent/spare.ts'
import { spareCommands } from '../../../lib/agent/spare-chain.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'
import { agentConfig, endGroup, gone, needRoot, scratch, until } from './agents.ts'

const root: Account = { user: 'root', group: 'root', uid: 0, gid: 0, home: '/root' }
const nobody: Account = { user: 'nobody', group: 'nogroup', uid: 65534, gid: 65534, home: '/nonexistent' }

interface Waiting {
  readonly spare: Spare
  readonly taken: Set<number>
  readonly pid: number
}

/** One that has been made ready; what is left of it is ended after the test. */
async function waiting(t: TestContext, procs: readonly string[] = []): Promise<Waiting> {
  const taken = new Set<number>()
  const spare = new Spare({ procsOf: () => procs }, taken)
  const alive = setInterval(() => {}, 60_000) // it does not keep the loop going
  t.after(async () => {
    clearInterval(alive)
    await spare.close()
  })
  spare.renew()
  await until('one is ready', () => taken.size === 1)
  const [pid = 0] = taken
  return { spare, taken, pid }
}

interface Become {
  readonly id: ProcessId
  readonly log: string
  readonly output: () => string
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/** Lets it become an agent whose log is `log`. */
function become(
  t: TestContext,
  { spare }: Waiting,
  config: AgentConfig,
  {
    account = root,
    procs = [],
    supervisor = process.pid,
    log = join(scratch(t), 'it’s a log'),
  }: { account?: Account; procs?: readonly string[]; supervisor?: number; log?: string } = {},
): Become {
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; signal: string | null }>()
  const taken = spare.take((code, signal) => resolve({ code, signal }))
  assert.ok(taken !== null)
  t.after(() => endGroup(taken.id.pid))
  const env = environmentOf(config, account, '/run/beat')
  const unprivileged = process.geteuid?.() !== 0
  taken.run(spareCommands(config, account, { supervisor, unprivileged, procs, env, log }))
  return { id: taken.id, log, output: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''), ended: promise }
}

test('B23: the process that waits is the next agent: same pid, its own command line, session, group, / and umask', async t => {
  const before = process.umask(0o077)
  t.after(() => process.umask(before))
  const ready = await waiting(t)
  const script =
    'pwd; umask; for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done; ls /proc/$$/fd; grep Sig /proc/self/status'
  const agent = become(t, ready, agentConfig(['/bin/sh', '-c', `${script}; echo error >&2; exec sleep 60`]))
  assert.equal(agent.id.pid, ready.pid)
  await until('it is executed', () => readProc(`/proc/${ready.pid}/cmdline`) === 'sleep\x0060\0')
  const lines = agent.output().split('\n')
  assert.deepEqual(lines.slice(0, 8), ['/', '0022', '/dev/null', agent.log, agent.log, '0', '1', '2'])
  assert.match(agent.output(), /SigBlk:\t0+\nSigIgn:\t[0-9a-f]{8}[08]0{7}\n/)
  assert.equal(lines.at(-2), 'error')
  const stat = statOf(ready.pid)
  assert.deepEqual([stat?.pgrp, stat?.session, stat?.ppid], [ready.pid, ready.pid, process.pid])
  assert.equal(stat?.startTime, agent.id.startTime)
  assert.deepEqual(ready.taken, new Set(), 'it is not kept from being an agent')
  assert.equal(
    ready.spare.take(() => {}),
    null,
    'there is one only',
  )
})

test('B18: its environment is that of an agent and nothing else, odd names and odd values too', async t => {
  const odd = 'a \'b\' "c" $(id) `id` \\ \\n * ~ # ; } é\n} { \t'
  const shell = {
    LINENO: 'l',
    TERM: 't',
    MAIL: 'm',
    MAILPATH: 'p',
    MAILCHECK: 'x',
    HISTSIZE: 'h',
    FCEDIT: 'f',
    CDPATH: 'c',
  }
  const envs = { A: odd, EMPTY: '', PWD: '/odd', 'b.c': "d 'e", PPID: '7', LD_X: 'y', PATH: '/own', ...shell }
  const agent = become(t, await waiting(t), agentConfig(['/usr/bin/env', '-0'], { envs }))
  assert.deepEqual(await agent.ended, { code: 0, signal: null })
  const expected = { BOOTSOCK: '/run/beat', HOME: '/root', USER: 'root', ...envs }
  const got = Object.fromEntries(
    agent
      .output()
      .split('\0')
      .slice(0, -1)
      .map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )
  assert.deepEqual(got, expected)
})

test('B14: odd arguments come as they are', async t => {
  const words = ["it's", '', ' ', '$HOME', '*', '-n', 'a\nb', '\\', 'ü']
  const agent = become(t, await waiting(t), agentConfig(['/usr/bin/printf', '[%s]', ...words]))
  await agent.ended
  assert.equal(agent.output(), words.map(word => `[${word}]`).join(''))
})

test('B17: it becomes the user, and dies with agent-spawn then too', needRoot, async t => {
  const agent = become(t, await waiting(t), agentConfig(['/bin/sh', '-c', 'id; exec sleep 60']), { account: nobody })
  await until('it has spoken', () => agent.output() !== '')
  assert.equal(agent.output(), 'uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n')
  const other = become(t, await waiting(t), agentConfig(['/bin/echo', 'x']), { account: nobody, supervisor: 1 })
  assert.deepEqual([(await other.ended).code, other.output()], [1, ''])
})

for (const [title, file, code] of [
  ['not there', '/nowhere/agent', 127],
  ['not executable', '/etc/passwd', 126],
  ['a directory', '/etc', 126],
] as const) {
  test(`B14: the exit status where the agent cannot be executed: ${title}`, async t => {
    const agent = become(t, await waiting(t), agentConfig([file]))
    assert.deepEqual(await agent.ended, { code, signal: null })
    assert.match(agent.output(), new RegExp(`${file}: `))
  })
}

test('B15: the exit status and the signal are the agent’s own', async t => {
  assert.deepEqual(await become(t, await waiting(t), agentConfig(['/bin/sh', '-c', 'exit 3'])).ended, {
    code: 3,
    signal: null,
  })
  const killed = become(t, await waiting(t), agentConfig(['/bin/sh', '-c', 'kill -9 $$']))
  assert.deepEqual(await killed.ended, { code: null, signal: 'SIGKILL' })
})

test('B56: it is in the groups of all while it waits, and in those of its own before it runs', async t => {
  const dir = scratch(t)
  mkdirSync(join(dir, 'own'))
  const [shared, own, none] = ['shared', 'own/tasks', 'none/tasks'].map(name => join(dir, name)) as [
    string,
    string,
    string,
  ]
  const ready = await waiting(t, [shared])
  await until('it is in', () => readProc(shared) === '0\n')
  const agent = become(t, ready, agentConfig(['/bin/cat', own]), { procs: [own, none] })
  assert.equal((await agent.ended).code, 0)
  assert.match(agent.output(), /none\/tasks: .*\n0\n$/)
})

test('B56: one that cannot enter the groups of all is none: the agent that is started as ever tells it', async t => {
  const { spare, taken } = await waiting(t, [join(scratch(t), 'none', 'tasks')])
  await until('it has ended', () => taken.size === 0)
  assert.equal(
    spare.take(() => {}),
    null,
  )
})

test('B70: an agent whose log has gone since runs all the same', async t => {
  const dir = scratch(t)
  symlinkSync(join(dir, 'nowhere', 'log'), join(dir, 'log'))
  const agent = become(
    t,
    await waiting(t),
    agentConfig(['/bin/sh', '-c', 'echo x; readlink /proc/$$/fd/2 >"$0"', join(dir, 'fd')]),
    {
      log: join(dir, 'log'),
    },
  )
  assert.equal((await agent.ended).code, 0)
  assert.equal(readFileSync(join(dir, 'fd'), 'utf8'), '/dev/null\n')
})

test('B21: it is taken while it waits, so that nobody takes it for an agent; killed, it is gone, and there is a new one', async t => {
  const { spare, taken, pid } = await waiting(t)
  process.kill(pid, 'SIGKILL')
  await until('it is given up', () => taken.size === 0)
  assert.equal(
    spare.take(() => {}),
    null,
  )
  spare.renew()
  await until('there is another', () => taken.size === 1 && !taken.has(pid))
})

test('B23: one that was killed in the moment it was taken is told as the end of the agent', async t => {
  const ready = await waiting(t)
  process.kill(ready.pid, 'SIGSTOP')
  await until('it is stopped', () => statOf(ready.pid)?.state === 'T')
  process.kill(ready.pid, 'SIGKILL')
  const agent = become(t, ready, agentConfig(['/bin/true']))
  assert.deepEqual(await agent.ended, { code: null, signal: 'SIGKILL' })
})

test('B23: where starts do not come to an end, one is made once a second', async t => {
  const taken = new Set<number>()
  let now = 0
  const spare = new Spare({ procsOf: () => [] }, taken, () => now)
  t.after(() => spare.close())
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const pass = () => {
    spare.renew()
    now += 5
    t.mock.timers.tick(5)
  }
  while (now < 1000) pass()
  assert.equal(taken.size, 0)
  while (now < 1020) pass()
  assert.equal(taken.size, 1)
  assert.ok(spare.take(() => {}) !== null)
  while (now < 2000) pass()
  assert.equal(taken.size, 0)
})

test('B23: there is one at most, it is made when nothing is being started, and none is left at the end', async t => {
  const taken = new Set<number>()
  const spare = new Spare({ procsOf: () => [] }, taken)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  for (let starts = 0; starts < 5; starts++) {
    spare.renew()
    t.mock.timers.tick(9)
  }
  assert.equal(taken.size, 0)
  t.mock.timers.tick(1)
  assert.equal(taken.size, 1)
  const [pid = 0] = taken
  spare.renew()
  t.mock.timers.tick(100)
  assert.deepEqual([...taken], [pid])
  await spare.close()
  assert.equal(statOf(pid), null)
  spare.renew()
  t.mock.timers.tick(100)
  assert.equal(taken.size, 0)
})

test('B15: one that waits does not keep agent-spawn from its end, and ends with it', async () => {
  const program = `
    import { Spare } from '${new URL('../../../lib/agent/spare.ts', import.meta.url).href}'
    const taken = new Set()
    new Spare({ procsOf: () => [] }, taken).renew()
    const look = setInterval(() => { if (taken.size > 0) { console.log(...taken); clearInterval(look) } }, 5)`
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  assert.equal(status, 0)
  const pid = Number(stdout)
  assert.ok(pid > 1)
  await until('it has ended', () => statOf(pid) === null)
})

/** An agent-spawn of its own, which makes one ready and says its pid. */
async function otherSupervisor(t: TestContext) {
  const lib = new URL('../../../lib/agent/', import.meta.url).href
  const program = `
    import { Spare } from '${lib}spare.ts'
    const taken = new Set()
    new Spare({ procsOf: () => [] }, taken).renew()
    setInterval(() => { for (const pid of taken) console.log(pid) }, 5)`
  const argv = ['--input-type=module', '-e', program]
  const supervisor = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => supervisor.kill('SIGKILL'))
  const [chunk] = await once(supervisor.stdout, 'data')
  const pid = Number.parseInt(String(chunk), 10)
  return { supervisor, pid }
}

for (const delay of [0, 2, 5, 20, 200]) {
  test(`B15: it dies with agent-spawn, ${delay} ms after it was made`, async t => {
    const { supervisor, pid } = await otherSupervisor(t)
    const stat = statOf(pid)
    await new Promise(resolve => setTimeout(resolve, delay))
    supervisor.kill('SIGKILL')
    await once(supervisor, 'exit')
    if (stat !== null) await gone({ pid, startTime: stat.startTime })
  })
}
