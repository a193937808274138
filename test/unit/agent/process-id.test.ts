import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupIsEmpty, isAlive, parseStat, processIdOf, signalTo, startedAt } from '../../../lib/agent/process-id.ts'
import { gone, start, startZombie, until } from './agents.ts'

const rest = '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21'.replace(/^1 2 3 /, '10 20 30 ')

for (const [title, text, startTime] of [
  ['plain', `7 (cat) S ${rest}\n`, 4711],
  ['blanks and parentheses in the name', `7 (a) Z 1 (b c)) R ${rest}`, 4711],
  ['an empty name', `7 () S ${rest}`, 4711],
  ['cut off', '7 (cat) S 10 20 30 4', null],
  ['no such text', 'rubbish', null],
  ['empty', '', null],
  ['no number', `7 (cat) S ${rest.replace('4711', 'x')}`, null],
] as const) {
  test(`B21: the start time in a stat file: ${title}`, () => {
    const stat = parseStat(text)
    assert.equal(stat?.startTime ?? null, startTime)
    if (stat !== null) assert.deepEqual([stat.ppid, stat.pgrp, stat.session], [10, 20, 30])
  })
}

test('B21: our own process is alive, started in the past, and known by more than its pid', () => {
  const id = processIdOf(process.pid)
  assert.ok(id !== null && isAlive(id))
  assert.equal(isAlive({ ...id, startTime: id.startTime + 1 }), false)
  const ago = Date.now() / 1000 - startedAt(id) - process.uptime()
  assert.ok(ago > -0.5 && ago < 5, `${ago}`)
  assert.equal(processIdOf(0), null)
  assert.equal(processIdOf(4_194_999), null)
})

test('B21: a zombie is not alive, and its group is empty', async t => {
  const zombie = await startZombie(t, '/bin/sleep')
  assert.equal(processIdOf(zombie.pid), null)
  assert.equal(isAlive(zombie), false)
  assert.equal(signalTo(zombie, 'SIGTERM', false), false)
})

test('B22: a reused pid is never signalled, not as a group either', async t => {
  const { id, ended } = start(t, ['/bin/sleep', '60'])
  const earlier = { pid: id.pid, startTime: id.startTime - 1 }
  assert.equal(signalTo(earlier, 'SIGKILL', false), false)
  assert.equal(signalTo(earlier, 'SIGKILL', true), false)
  assert.ok(isAlive(id))
  assert.equal(signalTo(id, 'SIGKILL', false), true)
  await ended
  assert.equal(signalTo(id, 'SIGKILL', true), false)
})

test('B22: pids that mean more than one process are never signalled', () => {
  for (const pid of [1, 0, -1, -process.pid]) {
    assert.equal(signalTo({ pid, startTime: 0 }, 0, false), false)
    assert.equal(signalTo({ pid, startTime: 0 }, 0, true), false)
    assert.equal(groupIsEmpty(pid), true)
  }
})

test('B22: the group of a leader that has ended is signalled, and known to be empty then', async t => {
  const leader = start(t, ['/bin/sh', '-c', 'sleep 60 & echo $!'])
  await leader.ended
  const worker = processIdOf(Number(leader.output()))
  assert.ok(worker !== null)
  assert.equal(groupIsEmpty(leader.id.pid), false)
  assert.equal(signalTo(leader.id, 'SIGTERM', false), false)
  assert.equal(signalTo(leader.id, 'SIGTERM', true), true)
  await gone(worker)
  await until('the group is empty', () => groupIsEmpty(leader.id.pid))
})

test('B22: one that is in the group of another is signalled alone, left behind by its leader with the group', async t => {
  const leader = start(t, ['/bin/sh', '-c', 'sleep 60 & sleep 60 & echo $!; wait'])
  await until('it has started both', () => leader.output().endsWith('\n'))
  const worker = processIdOf(Number(leader.output()))
  assert.ok(worker !== null)
  signalTo(worker, 'SIGKILL', true)
  await gone(worker)
  assert.ok(isAlive(leader.id))

  const daemon = start(t, ['/bin/sh', '-c', 'sleep 60 & sleep 60 & echo $!'])
  await daemon.ended
  const left = processIdOf(Number(daemon.output()))
  assert.ok(left !== null)
  assert.equal(signalTo(left, 'SIGKILL', true), true)
  await until('both have ended', () => groupIsEmpty(daemon.id.pid))
})
