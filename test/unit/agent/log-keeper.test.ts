import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { logPath, openLog } from '../../../lib/agent/agent-log.ts'
import { cutLog, LogKeeper } from '../../../lib/agent/log-keeper.ts'
import { sizeOf } from '../../../lib/agent/log-tail.ts'
import { isAlive } from '../../../lib/agent/process-id.ts'
import { spawnAgent } from '../../../lib/agent/spawn-agent.ts'
import { endGroup, needMounts, scratch, until } from './agents.ts'

test('B70: a log that is cut off leaves its last bytes in the old file', t => {
  const path = logPath(scratch(t), 'a')
  writeFileSync(path, 'x'.repeat(90_000) + 'y'.repeat(100_000))
  assert.equal(cutLog(path, 100_000), true)
  assert.deepEqual([sizeOf(path), readFileSync(`${path}.1`, 'utf8')], [0, 'y'.repeat(100_000)])
  writeFileSync(path, 'short')
  assert.equal(cutLog(path, 100_000), true)
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'short')
  assert.equal(statSync(`${path}.1`).mode & 0o137, 0)
})

test('B70: a log whose old file cannot be written is cut off all the same', t => {
  const dir = scratch(t)
  const path = logPath(dir, 'a')
  for (const spoil of [
    () => symlinkSync('/dev/full', `${path}.1`),
    () => mkdirSync(`${path}.1`),
    () => mkdirSync(`${path}.1/sub`, { recursive: true }),
  ]) {
    writeFileSync(path, 'text')
    spoil()
    assert.equal(cutLog(path, 100), true)
    assert.equal(sizeOf(path), 0)
    rmSync(`${path}.1`, { force: true, recursive: true })
  }
})

test('B70: on a full disk the log is emptied and the half of an old file goes', needMounts, t => {
  const dir = scratch(t)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir])
  try {
    const path = logPath(dir, 'a')
    writeFileSync(path, 'x'.repeat(200 * 1024))
    assert.equal(cutLog(path, 200 * 1024), true)
    assert.deepEqual([sizeOf(path), existsSync(`${path}.1`)], [0, false])
  } finally {
    execFileSync('umount', ['-l', dir])
  }
})

test('B70: what is no log of ours is not touched', t => {
  const dir = scratch(t)
  const target = join(dir, 'target')
  writeFileSync(target, 'text')
  symlinkSync(target, logPath(dir, 'a'))
  mkdirSync(logPath(dir, 'b'))
  for (const name of ['a', 'b', 'none']) assert.equal(cutLog(logPath(dir, name), 1), false)
  assert.equal(readFileSync(target, 'utf8'), 'text')
})

test('B70: an agent that fills its stdout stays bounded, and is told nothing of it', async t => {
  const dir = scratch(t)
  const limit = 256 * 1024
  const keeper = new LogKeeper(dir, () => ['a', 'quiet'], limit)
  t.after(() => keeper.close())
  const { fd: output } = openLog(dir, 'a', assert.fail)
  const chain = ['/bin/sh', '-c', 'while head -c 100000 /dev/zero; do sleep 0.01; done'] as const
  const id = spawnAgent([...chain], { env: { PATH: '/usr/bin:/bin' }, output, onExit() {} })
  t.after(() => endGroup(id.pid))
  closeSync(output)
  const path = logPath(dir, 'a')
  let cuts = 0
  let size = 0
  await until('it was cut off three times', () => {
    const now = sizeOf(path)
    if (now < size) cuts++
    size = now
    return cuts >= 3
  })
  assert.ok(isAlive(id))
  assert.ok(sizeOf(`${path}.1`) <= limit)
})

test('B70: a keeper that has gone to rest wakes at a change', async t => {
  const dir = scratch(t)
  const path = logPath(dir, 'a')
  const keeper = new LogKeeper(dir, () => ['a'], 1000)
  t.after(() => keeper.close())
  await until('it watches', () => keeper.isQuiet)
  appendFileSync(path, 'x'.repeat(2000))
  await until('it was cut off', () => existsSync(path) && sizeOf(path) === 0)
  assert.equal(sizeOf(`${path}.1`), 1000)
})

test('B70: a directory that comes later is kept too', async t => {
  const dir = join(scratch(t), 'later')
  const keeper = new LogKeeper(dir, () => ['a'], 1000)
  t.after(() => keeper.close())
  mkdirSync(dir)
  writeFileSync(logPath(dir, 'a'), 'x'.repeat(2000))
  await until('it was cut off', () => sizeOf(logPath(dir, 'a')) === 0)
})
