import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { endLeftovers, LeftoverJournal, parseJournal } from '../../../lib/agent/leftovers.ts'
import { isAlive, processIdOf } from '../../../lib/agent/process-id.ts'
import { gone, scratch, start } from './agents.ts'

const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

for (const [title, text, owner, entries] of [
  ['empty', '', null, []],
  ['rubbish', 'x\ny z\n', null, []],
  ['two agents', 'b 7 8\none 10 20\ntwo 11 21\n', 7, ['10 one 20', '11 two 21']],
  ['one has ended', 'b 7 8\none 10 20\ntwo 11 21\n. 10 20\n', 7, ['11 two 21']],
  ['two processes of one agent', 'b 7 8\none 10 20\none 11 21\n', 7, ['10 one 20', '11 one 21']],
  ['a pid that was used again', 'b 7 8\none 10 20\ntwo 10 21\n', 7, ['10 two 21']],
  ['a line that is cut off', 'b 7 8\none 10 20\ntwo 11 2', 7, ['10 one 20']],
  ['a bad line', 'b 7 8\none x 20\none -1 20\none 1e1 3\n\ntwo 11 21\n', 7, ['11 two 21']],
  ['an earlier boot', 'earlier 7 8\none 10 20\n', null, []],
] as const) {
  test(`B15: the journal of simple agents: ${title}`, () => {
    const journal = parseJournal(text, 'b')
    assert.equal(journal.owner?.pid ?? null, owner)
    assert.deepEqual(
      [...journal.entries].map(([pid, { name, startTime }]) => `${pid} ${name} ${startTime}`),
      entries,
    )
  })
}

test('B15: what a simple agent left when agent-spawn was killed is ended at the next start', async t => {
  const path = join(scratch(t), 'journal')
  const orphaned = start(t, ['/bin/sh', '-c', 'trap "" TERM; (sleep 60) & (sleep 60) & echo $!'])
  await orphaned.ended
  const worker = processIdOf(Number(orphaned.output()))
  const alive = start(t, ['/bin/sleep', '60'])
  const stranger = start(t, ['/bin/sleep', '60'])
  assert.ok(worker !== null && isAlive(alive.id))
  const journal = new LeftoverJournal(path)
  journal.add('orphaned', orphaned.id)
  journal.add('alive', alive.id)
  const ended = endLeftovers(path)
  assert.deepEqual(ended.map(({ name }) => name).sort(), ['alive', 'orphaned', 'orphaned'])
  assert.ok(!isAlive(worker) && !isAlive(alive.id))
  assert.ok(isAlive(stranger.id))
  assert.deepEqual(endLeftovers(path), [])
})

test('B15: a pid or session that is another by now is left alone', t => {
  const path = join(scratch(t), 'journal')
  const { id } = start(t, ['/bin/sleep', '60'])
  const journal = new LeftoverJournal(path)
  journal.add('earlier', { pid: id.pid, startTime: id.startTime - 1 })
  journal.add('later', { pid: process.pid, startTime: 1 })
  journal.add('init', { pid: 1, startTime: 0 })
  assert.deepEqual(endLeftovers(path), [])
  journal.add('ended', id)
  journal.remove(id)
  assert.deepEqual(endLeftovers(path), [])
  writeFileSync(path, `earlier-boot 1 1\nagent ${id.pid} ${id.startTime}\n`)
  assert.deepEqual(endLeftovers(path), [])
  assert.ok(isAlive(id))
})

test('B15: the journal of an agent-spawn that still runs is not touched', async t => {
  const path = join(scratch(t), 'journal')
  const owner = start(t, ['/bin/sleep', '60'])
  const agent = start(t, ['/bin/sleep', '60'])
  writeFileSync(path, `${boot} ${owner.id.pid} ${owner.id.startTime}\na ${agent.id.pid} ${agent.id.startTime}\n`)
  assert.throws(() => endLeftovers(path), { fault: 'again', message: `'${path}' is in use by process ${owner.id.pid}` })
  assert.ok(isAlive(agent.id))
  process.kill(owner.id.pid, 'SIGKILL')
  await gone(owner.id)
  assert.deepEqual(endLeftovers(path), [{ name: 'a', pid: agent.id.pid }])
})

test('B15: the journal stays small, and knows who runs', t => {
  const path = join(scratch(t), 'journal')
  const { id } = start(t, ['/bin/sleep', '60'])
  const journal = new LeftoverJournal(path)
  journal.add('runs', id)
  for (let pid = 0; pid < 5000; pid++) journal.add('x'.repeat(50), { pid: 4_200_000 + pid, startTime: 1 })
  const text = readFileSync(path, 'utf8')
  assert.ok(text.length < 100_000, `${text.length}`)
  assert.deepEqual(parseJournal(text, boot).entries.get(id.pid), { name: 'runs', startTime: id.startTime })
})

test('B70: a journal that cannot be written loses no agent', t => {
  const dir = join(scratch(t), 'run')
  const path = join(dir, 'journal')
  const warnings: string[] = []
  const journal = new LeftoverJournal(path, text => warnings.push(text))
  assert.match(warnings.join(), /^unable to write .*: no such file or directory/)
  assert.deepEqual(endLeftovers(path), [])
  const { id } = start(t, ['/bin/sleep', '60'])
  journal.add('runs', id)
  mkdirSync(dir)
  mkdirSync(`${path}.new`)
  writeFileSync(`${path}.new/x`, '')
  for (let pid = 0; pid < 3000; pid++) journal.add('x'.repeat(50), { pid: 4_200_000 + pid, startTime: 1 })
  assert.deepEqual(parseJournal(readFileSync(path, 'utf8'), boot).entries.get(id.pid)?.name, 'runs')
})
