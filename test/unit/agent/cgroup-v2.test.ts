import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type GroupOptions, openGroups } from '../../../lib/agent/cgroup.ts'
import { sharesOf } from '../../../lib/agent/cgroup-v1.ts'
import { weightOf } from '../../../lib/agent/cgroup-v2.ts'
import { type Cgroup2, cgroup2, systemError } from './cgroup-v2-kernel.ts'

function openIn(kernel: Cgroup2, options: Partial<GroupOptions> = {}) {
  const { root, files } = kernel
  return openGroups({ root, files, group: 'devops', self: '0::/\n', warn: assert.fail, ...options })
}

for (const [percent, shares, weight] of [
  [100, 1024, 100],
  [50, 512, 50],
  [0, 2, 1],
  [0.4, 4, 1],
  [250, 2560, 250],
  [1e9, 262144, 10000],
] as const) {
  test(`B24: ${percent} % of the CPU is ${shares} shares on version 1, a weight of ${weight} on version 2`, () => {
    assert.deepEqual([sharesOf(percent), weightOf(percent)], [shares, weight])
  })
}

test('B56: version 2: the group is made, its controllers given on, twice is as once', () => {
  const kernel = cgroup2()
  for (let i = 0; i < 2; i++) {
    assert.equal(openIn(kernel).version, 2)
    assert.equal(kernel.at('cgroup.subtree_control'), 'cpu memory')
    assert.equal(kernel.at('devops/cgroup.subtree_control'), 'cpu memory')
  }
})

test('B24: version 2: weight and memory limit, without swap; changed in place; taken back', () => {
  const kernel = cgroup2()
  const groups = openIn(kernel)
  const rows = [
    [{ cpu: 30, mem: 1024 }, ['30', '1048576', '0']],
    [{ cpu: null, mem: 4 }, ['100', '4096', '0']],
    [{ cpu: 20000, mem: null }, ['10000', 'max', 'max']],
  ] as const
  for (const [cgroup, expected] of rows) {
    groups.make('a', cgroup)
    const files = ['cpu.weight', 'memory.max', 'memory.swap.max'].map(name => kernel.at(`devops/a/${name}`))
    assert.deepEqual(files, expected)
  }
})

test('B56: version 2: agents without limits are in a child of the group, because the group itself takes none', () => {
  const kernel = cgroup2()
  const groups = openIn(kernel)
  groups.make('a', { cpu: 30, mem: null })
  const [own = '', ...more] = groups.procsOf('a', true)
  const [shared = ''] = groups.procsOf('b', false)
  assert.deepEqual(more, [])
  kernel.files.write(own, '100')
  kernel.files.write(shared, '101')
  assert.throws(() => kernel.files.write(join(kernel.root, 'devops/cgroup.procs'), '102'), { code: 'EBUSY' })
  assert.deepEqual([kernel.at('devops/a/cgroup.procs'), kernel.at('devops/agents.shared/cgroup.procs')], ['100', '101'])
})

test('B56: version 2: a group that has processes already: they move on to the child for those without limits', () => {
  const kernel = cgroup2()
  kernel.group('devops', 7, 8)
  const groups = openIn(kernel)
  groups.make('a', { cpu: 30, mem: 4096 })
  assert.equal(kernel.at('devops/agents.shared/cgroup.procs'), '7\n8')
  assert.equal(kernel.at('devops/a/memory.max'), '4194304')
})

test('B56: version 2: where the top may not be written, below the group that systemd has delegated, again and again', () => {
  const unit = 'system.slice/BootAgent.service'
  const kernel = cgroup2()
  kernel.group('system.slice')
  for (const dir of ['.', 'system.slice']) {
    for (const name of ['cpu', 'memory'])
      kernel.files.write(join(kernel.root, `${dir}/cgroup.subtree_control`), `+${name}`)
  }
  const dir = kernel.group(unit, 50, 51)
  kernel.deny(path => !path.includes(unit))
  for (const self of [unit, `${unit}/bootagent.self`, `${unit}/devops/agents.shared`]) {
    const groups = openIn(kernel, { self: `0::/${self}\n` })
    assert.equal(groups.version, 2)
    assert.deepEqual(groups.procsOf('a', false), [join(dir, 'devops/agents.shared/cgroup.procs')])
    groups.make('a', { cpu: 1, mem: null })
    assert.equal(kernel.at(`${unit}/devops/a/cpu.weight`), '1')
  }
  assert.equal(kernel.at(`${unit}/bootagent.self/cgroup.procs`), '50\n51')
})

test('B56: nothing may be written: one warning, no version, and nothing else happens', () => {
  const kernel = cgroup2()
  const slice = kernel.group('user.slice')
  kernel.deny(() => true)
  const warnings: string[] = []
  const groups = openIn(kernel, { warn: text => warnings.push(text), self: '0::/user.slice\n' })
  groups.make('a', { cpu: 1, mem: 1 })
  groups.joinSelf()
  groups.prune(new Set())
  groups.remove('a')
  groups.close()
  assert.deepEqual([groups.version, groups.procsOf('a', true), groups.oomKills('a', true)], [null, [], 0])
  assert.deepEqual(warnings, [
    `no cgroup limits of cpu and memory: '${kernel.root}': '${slice}' has neither cpu nor memory`,
  ])
})

for (const [controllers, version, missing] of [
  ['cpu', 2, 'memory'],
  ['memory pids', 2, 'cpu'],
  ['pids io', null, 'cpu and memory'],
  ['', null, 'cpu and memory'],
] as const) {
  test(`B56: version 2 with the controllers '${controllers}'`, () => {
    const kernel = cgroup2(controllers)
    const warnings: string[] = []
    const groups = openIn(kernel, { warn: text => warnings.push(text) })
    groups.make('a', { cpu: 7, mem: 8 })
    assert.equal(groups.version, version)
    assert.equal(kernel.at('devops/a/cpu.weight'), controllers.includes('cpu') ? '7' : null)
    assert.equal(kernel.at('devops/a/memory.max'), controllers.includes('memory') ? '8192' : null)
    assert.deepEqual(warnings, [`no cgroup limits of ${missing}: '${kernel.root}' has no such controller`])
  })
}

test('B56: version 2: a controller that the kernel does not give is warned of, the other one works', () => {
  const kernel = cgroup2()
  const warnings: string[] = []
  const write = (path: string, text: string) => {
    if (text === '+cpu') throw systemError('EINVAL')
    kernel.files.write(path, text)
  }
  const groups = openIn(kernel, { files: { ...kernel.files, write }, warn: text => warnings.push(text) })
  groups.make('a', { cpu: 5, mem: 4 })
  assert.equal(kernel.at('devops/a/memory.max'), '4096')
  assert.deepEqual(warnings, [`no cgroup limits of cpu: '${kernel.root}' has no such controller`])
})

test('B56: version 2: OOM kills are counted by group', () => {
  const kernel = cgroup2()
  const groups = openIn(kernel)
  groups.make('a', { cpu: null, mem: 4096 })
  const count = (path: string, kills: number) =>
    writeFileSync(
      join(kernel.root, 'devops', path, 'memory.events'),
      `low 0\noom 9\noom_kill ${kills}\noom_group_kill 0\n`,
    )
  count('a', 3)
  count('agents.shared', 2)
  assert.deepEqual(
    ['a', 'b'].map(name => groups.oomKills(name, true)),
    [3, 0],
  )
  assert.equal(groups.oomKills('b', false), 2)
})

test('B56: version 2: groups of agents that are gone are removed, what is in use or no agent’s stays; the end leaves nothing', () => {
  const kernel = cgroup2()
  const groups = openIn(kernel)
  for (const name of ['kept', 'gone', 'busy']) groups.make(name, { cpu: 1, mem: null })
  kernel.group('devops/busy', 77)
  groups.prune(new Set(['kept']))
  const left = () => kernel.files.list(join(kernel.root, 'devops')).toSorted()
  assert.deepEqual(left(), ['agents.shared', 'busy', 'kept'])
  groups.close()
  assert.deepEqual(left(), ['busy'])
  kernel.group('devops/busy')
  groups.close()
  assert.equal(kernel.at('devops/cgroup.procs'), null)
})

test('B56: a group that was there is not removed at the end', () => {
  const kernel = cgroup2()
  kernel.group('devops')
  openIn(kernel).close()
  assert.equal(kernel.at('devops/cgroup.procs'), '')
})

test('B13: -G moves this process into the group', () => {
  const kernel = cgroup2()
  openIn(kernel).joinSelf()
  assert.equal(kernel.at('devops/agents.shared/cgroup.procs'), String(process.pid))
})

test('B13: -C with what is no name of a group is wrong usage', () => {
  for (const group of ['', '.', '..', 'a/b', '../x', '.hidden', 'a b', 'x'.repeat(101)]) {
    assert.throws(() => openIn(cgroup2(), { group }), { fault: 'usage', message: `'${group}' is no name of a cgroup` })
  }
})
