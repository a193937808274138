import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findProcess, matches } from '../../../lib/agent/adoption.ts'
import { needMounts, scratch, start, startZombie, until } from './agents.ts'

const none: ReadonlySet<number> = new Set()

/** A program that no other test runs. */
function program(t: TestContext): string {
  const path = join(scratch(t), 'agent')
  copyFileSync('/bin/sleep', path)
  return path
}

/** A script of its own that waits. */
function script(t: TestContext, interpreter: string): string {
  const path = join(scratch(t), 'script')
  writeFileSync(path, `#!${interpreter}\nsleep 60\nexit 0\n`)
  chmodSync(path, 0o755)
  return path
}

test('B21: one word: whatever its arguments; more words: the same', t => {
  const path = program(t)
  const { id } = start(t, [path, '60'])
  assert.deepEqual(findProcess([path], none), id)
  assert.deepEqual(findProcess([path, '60'], none), id)
  assert.equal(findProcess([path, '61'], none), null)
  assert.equal(findProcess([path, '60', '1'], none), null)
  assert.equal(findProcess([path, '60'], new Set([id.pid])), null)
  assert.equal(matches([path], id.pid), true)
  assert.equal(matches(['/bin/sleep'], id.pid), false)
})

test('B21: arguments that are no ASCII', t => {
  const path = program(t)
  const { id } = start(t, [path, '60', '0s', '0.0'])
  assert.deepEqual(findProcess([path, '60', '0s', '0.0'], none), id)
  const shell = start(t, ['/bin/sh', '-c', 'sleep 60; exit', 'äöü €', ''])
  assert.deepEqual(findProcess(['/bin/sh', '-c', 'sleep 60; exit', 'äöü €', ''], none), shell.id)
  assert.equal(findProcess(['/bin/sh', '-c', 'sleep 60; exit', 'äöü €'], none), null)
})

test('B21: a symbolic link is resolved on both sides', t => {
  const path = program(t)
  const link = join(scratch(t), 'link')
  symlinkSync(path, link)
  const { id } = start(t, [link, '60'])
  assert.deepEqual(findProcess([path, '60'], none), id)
  assert.deepEqual(findProcess([link], none), id)
})

test('B21: a program that was replaced or removed since is still the same', t => {
  const path = program(t)
  const { id } = start(t, [path, '60'])
  copyFileSync('/bin/sleep', `${path}.new`)
  renameSync(`${path}.new`, path)
  assert.deepEqual(findProcess([path], none), id)
  rmSync(path)
  assert.deepEqual(findProcess([path, '60'], none), id)
})

test('B21: the oldest of several, no zombie, nobody that is dead', async t => {
  const path = program(t)
  const first = start(t, [path, '60'])
  await until('a hundredth of a second later', () => {
    const second = start(t, [path, '60'])
    return second.id.startTime > first.id.startTime
  })
  assert.deepEqual(findProcess([path], none), first.id)
  const other = program(t)
  await startZombie(t, other)
  assert.equal(findProcess([other], none), null)
})

for (const [title, interpreter] of [
  ['sh', '/bin/sh'],
  ['sh with an argument', '/bin/sh -e'],
  ['env', '/usr/bin/env sh'],
] as const) {
  test(`B21: a script is known by its interpreter and its name: ${title}`, async t => {
    const path = script(t, interpreter)
    const { id } = start(t, [path, 'a'])
    await until('it runs', () => matches([path, 'a'], id.pid))
    assert.deepEqual(findProcess([path], none), id)
    assert.deepEqual(findProcess([path, 'a'], none), id)
    assert.equal(findProcess([path, 'b'], none), null)
    assert.equal(findProcess([path, 'a', 'b'], none), null)
    assert.equal(findProcess([script(t, interpreter)], none), null)
  })
}

test('B21: a file that only is an argument of another program is no agent', t => {
  const path = script(t, '/bin/sh')
  start(t, ['/usr/bin/tail', '-f', path])
  assert.equal(findProcess([path], none), null)
  assert.equal(findProcess([program(t)], none), null)
  assert.equal(findProcess(['/nowhere/agent'], none), null)
})

test('B21: this process itself is never adopted', () => {
  assert.notEqual(findProcess([process.execPath], none)?.pid, process.pid)
  assert.equal(matches([process.execPath], process.pid), false)
})

test('B21: a worker of another agent with the same command is not adopted', async t => {
  const path = program(t)
  const other = start(t, ['/bin/sh', '-c', `${path} 60 & ${path} 60 & wait`])
  await until('it has workers', () => findProcess([path], none) !== null)
  assert.equal(findProcess([path], new Set([other.id.pid])), null)
})

test('B21: the same path in another pid namespace is another program', needMounts, async t => {
  const path = program(t)
  const { id } = start(t, ['/usr/bin/unshare', '--pid', '--fork', path, '60'])
  const children = () => readFileSync(`/proc/${id.pid}/task/${id.pid}/children`, 'latin1').trim()
  const exe = () => children() !== '' && readlinkSync(`/proc/${children()}/exe`)
  await until('it runs', () => exe() === path)
  assert.equal(findProcess([path], none), null)
  assert.equal(matches([path], Number(children())), false)
})

test('B21: another file at the same path, seen from a root of its own, is another program', needMounts, async t => {
  const path = program(t)
  const script = `mount --bind /bin/sleep ${path} && exec ${path} 60`
  const { id } = start(t, ['/usr/bin/unshare', '--mount', '/bin/sh', '-c', script])
  await until('it runs', () => readlinkSync(`/proc/${id.pid}/exe`) === path)
  assert.equal(findProcess([path], none), null)
})

test('B21: whoever came since the last look is found, however soon, and who is no longer taken', t => {
  const path = program(t)
  const taken = new Set<number>()
  assert.equal(findProcess([path], taken), null)
  for (let starts = 0; starts < 20; starts++) {
    const { id } = start(t, [path, '60'])
    assert.deepEqual(findProcess([path], taken), id)
    taken.add(id.pid)
    assert.equal(findProcess([path], taken), null)
  }
  const [first = 0] = taken
  taken.delete(first)
  assert.equal(findProcess([path], taken)?.pid, first)
})

test('B21: a thread is no process', async t => {
  const argv = [process.execPath, '-e', 'process.stdout.write("x"); setInterval(() => {}, 1000)'] as const
  assert.equal(findProcess(argv, none), null)
  const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  assert.ok(child.pid !== undefined)
  assert.equal(findProcess(argv, none)?.pid, child.pid)
  assert.equal(findProcess(argv, new Set([child.pid])), null)
})
