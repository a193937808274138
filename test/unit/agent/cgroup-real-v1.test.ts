import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Groups, openGroups } from '../../../lib/agent/cgroup.ts'

const ROOT = '/sys/fs/cgroup'
const isV1 = existsSync(join(ROOT, 'cpu/cpu.shares')) && existsSync(join(ROOT, 'memory/memory.limit_in_bytes'))
const skip = process.getuid?.() === 0 && isV1 ? false : 'needs root and the cpu and memory cgroups of version 1'
const group = `fleetutils-test-${process.pid}`
const at = (controller: string, ...path: readonly string[]) => join(ROOT, controller, group, ...path)
const readAt = (controller: string, ...path: readonly string[]) => readFileSync(at(controller, ...path), 'utf8').trim()

let groups: Groups | undefined
function opened(): Groups {
  groups ??= openGroups({ root: ROOT, group, warn: assert.fail })
  return groups
}
after(() => {
  if (skip === false) opened().close()
  assert.equal(existsSync(at('memory')), false)
})

/** What a program in the group of an agent ends with. */
function runIn(procs: readonly string[], program: string) {
  const enter = 'for procs; do echo $$ >"$procs"; done; exec perl -e "$PROGRAM"'
  return spawnSync('sh', ['-c', enter, 'sh', ...procs], { env: { ...process.env, PROGRAM: program }, encoding: 'utf8' })
}

test('B56: version 1 is found and the group made', { skip }, () => {
  assert.equal(opened().version, 1)
  assert.ok(existsSync(at('cpu')) && existsSync(at('memory')))
})

test('B24: shares of the CPU and a hard limit of memory and swap together; changed in place; taken back', {
  skip,
}, () => {
  const limits = () => [
    readAt('cpu', 'one', 'cpu.shares'),
    readAt('memory', 'one', 'memory.limit_in_bytes'),
    readAt('memory', 'one', 'memory.memsw.limit_in_bytes'),
  ]
  const rows = [
    [{ cpu: 50, mem: 8192 }, ['512', '8388608', '8388608']],
    [{ cpu: 200, mem: 16384 }, ['2048', '16777216', '16777216']],
    [{ cpu: 0, mem: 4096 }, ['2', '4194304', '4194304']],
    [{ cpu: null, mem: null }, ['1024', '9223372036854771712', '9223372036854771712']],
  ] as const
  for (const [cgroup, expected] of rows) {
    opened().make('one', cgroup)
    assert.deepEqual(limits(), expected)
  }
})

test('B56: an agent with a cgroup runs in a group of its own, the others in the common one', { skip }, () => {
  opened().make('two', { cpu: 10, mem: null })
  assert.deepEqual(opened().procsOf('two', true), [at('cpu', 'two', 'tasks'), at('memory', 'two', 'tasks')])
  assert.deepEqual(opened().procsOf('two', false), [at('cpu', 'tasks'), at('memory', 'tasks')])
  const show = 'open F, "/proc/self/cgroup"; print <F>'
  const position = runIn(opened().procsOf('two', true), show).stdout
  assert.match(position, new RegExp(`:cpu:/${group}/two$`, 'm'))
  assert.match(position, new RegExp(`:memory:/${group}/two$`, 'm'))
  assert.match(runIn(opened().procsOf('x', false), show).stdout, new RegExp(`:memory:/${group}$`, 'm'))
})

test('B56: an OOM kill in the group of an agent is counted there and nowhere else', { skip }, () => {
  opened().make('eater', { cpu: null, mem: 16384 })
  assert.equal(opened().oomKills('eater', true), 0)
  const ended = runIn(opened().procsOf('eater', true), '$x = "x" x (64 << 20); print length $x')
  assert.equal(ended.signal, 'SIGKILL')
  assert.equal(opened().oomKills('eater', true), 1)
  assert.equal(opened().oomKills('eater', false), 0)
  assert.equal(opened().oomKills('nobody', true), 0)
})

test('B56: groups of agents that are gone are removed, but not one in use, nor what is below it', {
  skip,
}, async () => {
  for (const name of ['kept', 'gone', 'busy', 'nested']) opened().make(name, { cpu: 10, mem: 65536 })
  mkdirSync(at('memory', 'nested', 'own'))
  mkdirSync(at('memory', 'not.an.agent'))
  const child = spawn('sleep', ['1000'])
  const ended = new Promise(resolve => child.on('exit', resolve))
  try {
    writeFileSync(at('memory', 'busy', 'cgroup.procs'), String(child.pid))
    const next = openGroups({ root: ROOT, group, warn: assert.fail })
    next.prune(new Set(['kept']))
    const left = ['kept', 'gone', 'busy', 'nested', 'not.an.agent'].filter(name => existsSync(at('memory', name)))
    assert.deepEqual(left, ['kept', 'busy', 'nested', 'not.an.agent'])
    assert.equal(existsSync(at('cpu', 'gone')), false)
  } finally {
    child.kill('SIGKILL')
    await ended
    rmdirSync(at('memory', 'nested', 'own'))
    rmdirSync(at('memory', 'not.an.agent'))
  }
})

test('B56: a group that somebody removed is there again at the next start of its agent', { skip }, () => {
  opened().make('again', { cpu: 25, mem: 8192 })
  rmdirSync(at('cpu', 'again'))
  assert.equal(opened().procsOf('again', true).length, 2)
  assert.equal(readAt('cpu', 'again', 'cpu.shares'), '256')
  opened().remove('again')
  assert.equal(existsSync(at('memory', 'again')), false)
  assert.deepEqual(opened().procsOf('again', true), opened().procsOf('other', false))
})

test('B24: a limit below what is in use is a warning that names the group, and not an end', { skip }, async () => {
  const warnings: string[] = []
  const warned = openGroups({ root: ROOT, group, warn: text => warnings.push(text) })
  warned.make('full', { cpu: null, mem: null })
  const child = spawn('perl', ['-e', '<STDIN>; $x = "x" x (32 << 20); $| = 1; print "."; <STDIN>'])
  const ended = new Promise(resolve => child.on('exit', resolve))
  try {
    for (const procs of warned.procsOf('full', true)) writeFileSync(procs, String(child.pid))
    child.stdin.write('\n')
    await new Promise(resolve => child.stdout.once('data', resolve))
    warned.make('full', { cpu: null, mem: 1024 })
    assert.deepEqual(warnings, [`unable to limit '${at('memory', 'full')}': in use`])
  } finally {
    child.kill('SIGKILL')
    await ended
  }
})
