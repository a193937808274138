import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, copyFileSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Account } from '../../../lib/agent/account.ts'
import { commandChain, environmentOf } from '../../../lib/agent/command-chain.ts'
import { allPids, processIdOf, readProc } from '../../../lib/agent/process-id.ts'
import { spawnAgent } from '../../../lib/agent/spawn-agent.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'
import { agentConfig, endGroup, gone, needRoot, scratch, start, until } from './agents.ts'

const root: Account = { user: 'root', uid: 0, gid: 0, group: 'root', home: '/root' }
const nobody: Account = { user: 'nobody', uid: 65534, gid: 65534, group: 'nogroup', home: '/' }
const agent = ['/opt/a', '-x', 'y z'] as const
const user = ['--reuid=65534', '--regid=65534', '--init-groups'] as const
const clean = 'unset PWD OLDPWD SHLVL; '
const alone = { supervisor: 77, procs: [], unprivileged: false, journal: null } as const
const grouped = { ...alone, procs: ['/c/cpu', '/c/mem'] } as const
const enter = 'echo 0 >"$' + '{1}"; echo 0 >"$' + '{2}"; shift 2; '
const parent = '[ "$PPID" = 77 ] && exec "$@"'

for (const [title, type, account, options, expected] of [
  ['fork, root', 'fork', root, alone, [...agent]],
  ['fork, a user', 'fork', nobody, alone, ['/usr/bin/setpriv', ...user, '--', ...agent]],
  ['fork, a user, unprivileged', 'fork', nobody, { ...alone, unprivileged: true }, [...agent]],
  [
    'fork, a user, in groups',
    'fork',
    nobody,
    grouped,
    [
      '/bin/sh',
      '-c',
      `${clean}${enter}exec "$@"`,
      'sh',
      '/c/cpu',
      '/c/mem',
      '/usr/bin/setpriv',
      ...user,
      '--',
      ...agent,
    ],
  ],
  [
    'simple, root',
    'simple',
    root,
    alone,
    ['/usr/bin/setpriv', '--pdeathsig=KILL', '--', '/bin/sh', '-c', clean + parent, 'sh', ...agent],
  ],
  [
    'simple, root, in groups',
    'simple',
    root,
    grouped,
    [
      '/usr/bin/setpriv',
      '--pdeathsig=KILL',
      '--',
      '/bin/sh',
      '-c',
      clean + enter + parent,
      'sh',
      '/c/cpu',
      '/c/mem',
      ...agent,
    ],
  ],
  [
    'simple, a user',
    'simple',
    nobody,
    alone,
    ['/usr/bin/setpriv', ...user, '--pdeathsig=KILL', '--', '/bin/sh', '-c', clean + parent, 'sh', ...agent],
  ],
] as const) {
  test(`B15 B17 B56: the chain: ${title}`, () => {
    assert.deepEqual(commandChain(agentConfig(agent, { type }), account, options), expected)
  })
}

test('B18: the environment is a few names and what the configuration says, which wins', () => {
  const config = agentConfig(agent, { envs: { HOME: '/x', A: '1' } })
  assert.deepEqual(environmentOf(config, nobody, '/run/beat'), {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/x',
    USER: 'nobody',
    BOOTSOCK: '/run/beat',
    A: '1',
  })
})

test('B15 B18: a simple agent sees its own command line and environment and nothing else, odd names too', async t => {
  const envs = { A: '1', PWD: '/odd', 'b.c': "d 'e", PPID: '7', LD_X: 'y' }
  const config = agentConfig(['/usr/bin/env'], { envs })
  const options = { ...alone, supervisor: process.pid }
  const started = start(t, commandChain(config, root, options), environmentOf(config, root, '/run/beat'))
  assert.equal((await started.ended).code, 0)
  const lines = started.output().trimEnd().split('\n').sort()
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  const expected = [
    'A=1',
    'BOOTSOCK=/run/beat',
    'HOME=/root',
    'LD_X=y',
    path,
    'PPID=7',
    'PWD=/odd',
    'USER=root',
    "b.c=d 'e",
  ]
  assert.deepEqual(lines, expected)

  const sleeper = start(t, commandChain(agentConfig(['/bin/sleep', '60']), root, options))
  const cmdline = () => readFileSync(`/proc/${sleeper.id.pid}/cmdline`, 'latin1')
  await until('it is the agent', () => cmdline() === '/bin/sleep\x0060\0')
})

test('B17: the user, the group and the supplementary groups of a login', needRoot, async t => {
  const config = agentConfig(['/usr/bin/id'])
  const started = start(t, commandChain(config, nobody, { ...alone, supervisor: process.pid }))
  await started.ended
  assert.equal(started.output(), 'uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n')
})

test('B56: an agent is in its groups before it runs, and runs without one that is not there', needRoot, async t => {
  const dir = scratch(t)
  mkdirSync(join(dir, 'cpu'))
  const procs = [join(dir, 'cpu', 'cgroup.procs'), join(dir, 'none', 'cgroup.procs')]
  for (const account of [root, nobody]) {
    const chain = commandChain(agentConfig(['/usr/bin/id', '-u']), account, {
      ...alone,
      supervisor: process.pid,
      procs,
    })
    const started = start(t, chain)
    assert.equal((await started.ended).code, 0)
    assert.match(started.output(), new RegExp(`none/cgroup.procs: .*\n${account.uid}\n$`))
    assert.equal(readFileSync(procs[0] ?? '', 'utf8'), '0\n')
  }
})

for (const [title, file, code] of [
  ['not there', '/nowhere/agent', 127],
  ['not executable', '/etc/passwd', 126],
  ['a directory', '/etc', 126],
] as const) {
  test(`B14: the exit status of an agent that cannot be executed: ${title}`, async t => {
    const started = start(t, commandChain(agentConfig([file]), root, { ...alone, supervisor: process.pid }))
    assert.equal((await started.ended).code, code)
  })
}

test('B15: a simple agent is not executed when its parent is another than agent-spawn', async t => {
  const started = start(t, commandChain(agentConfig(['/bin/echo', 'x']), root, { ...alone, supervisor: 1 }))
  assert.deepEqual([(await started.ended).code, started.output()], [1, ''])
})

/** Starts an agent-spawn of its own: it starts `starts` agents at once and says the pid of each. */
function startSupervisor(t: TestContext, config: AgentConfig, account: Account, starts: number) {
  const lib = new URL('../../../lib/agent/', import.meta.url).href
  const program = `
    import { openSync, writeSync } from 'node:fs'
    import { commandChain } from '${lib}command-chain.ts'
    import { spawnAgent } from '${lib}spawn-agent.ts'
    const [config, account, starts] = JSON.parse(process.argv[1])
    const chain = commandChain(config, account, { supervisor: process.pid, procs: [], unprivileged: false, journal: null })
    const options = { env: { PATH: '/usr/bin:/bin' }, output: openSync('/dev/null', 'a'), onExit() {} }
    for (let i = 0; i < starts; i++) writeSync(1, spawnAgent(chain, options).pid + '\\n')
    setInterval(() => {}, 1000)`
  const argv = ['--input-type=module', '-e', program, JSON.stringify([config, account, starts])]
  const supervisor = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => supervisor.kill('SIGKILL'))
  return supervisor
}

for (const account of [root, nobody]) {
  test(`B15: a simple agent of ${account.user} dies with agent-spawn killed by SIGKILL`, needRoot, async t => {
    const config = agentConfig(['/bin/sh', '-c', 'trap "" TERM HUP; while :; do sleep 60; done'])
    const supervisor = startSupervisor(t, config, account, 1)
    const [chunk] = await once(supervisor.stdout, 'data')
    const id = processIdOf(Number(String(chunk)))
    assert.ok(id !== null)
    await until('it runs', () => readFileSync(`/proc/${id.pid}/comm`, 'utf8') === 'sh\n')
    supervisor.kill('SIGKILL')
    await gone(id)
  })
}

test('B15: no simple agent is left when agent-spawn is killed while it starts them', async t => {
  const program = join(scratch(t), 'agent')
  copyFileSync('/bin/sleep', program)
  // What is on its way to become one has its name among its words too.
  const isLeft = () => allPids().some(pid => readProc(`/proc/${pid}/cmdline`)?.includes(program))
  for (let kills = 0; kills < 10; kills++) {
    const supervisor = startSupervisor(t, agentConfig([program, '60']), root, 1000)
    await once(supervisor.stdout, 'data')
    for (let turns = (kills * 7919) % 97; turns > 0; turns--) await new Promise(resolve => setImmediate(resolve))
    supervisor.kill('SIGKILL')
    await once(supervisor, 'exit')
    await until('none is left', () => !isLeft())
  }
})

test('B15: a simple agent puts itself into the journal before it can start anything, and has no descriptor of it', t => {
  const file = join(scratch(t), 'journal')
  const journal = openSync(file, 'a')
  const output = openSync(join(scratch(t), 'output'), 'a')
  const chain = commandChain(agentConfig(['/bin/sleep', '60']), root, {
    ...alone,
    supervisor: process.pid,
    journal: 'one',
  })
  const id = spawnAgent(chain, { env: {}, output, journal, onExit: () => {} })
  for (const fd of [journal, output]) closeSync(fd)
  t.after(() => endGroup(id.pid))
  const comm = () => readFileSync(`/proc/${id.pid}/comm`, 'latin1')
  return until('it is executed', () => comm() === 'sleep\n').then(() => {
    assert.equal(readFileSync(file, 'utf8'), `one ${id.pid} ${id.startTime}\n`)
    assert.ok(!readdirSync(`/proc/${id.pid}/fd`).includes('3'))
  })
})
