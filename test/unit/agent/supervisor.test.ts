import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { bootId, parseJournal } from '../../../lib/agent/leftovers.ts'
import { isAlive } from '../../../lib/agent/process-id.ts'
import { gone, until } from './agents.ts'
import { supervise } from './supervised.ts'

/** A program that ignores TERM, and says so in `up`. */
function stubborn(dir: string): readonly [string, ...string[]] {
  const path = join(dir, 'stubborn')
  writeFileSync(path, `#!/bin/sh\ntrap '' TERM\n: >'${dir}/up'\nwhile :; do '${dir}/sleep' 0.05; done\n`, {
    mode: 0o755,
  })
  return [path]
}

function isUp(dir: string): boolean {
  try {
    return readFileSync(join(dir, 'up')).length === 0
  } catch {
    return false
  }
}

/** An agent that is not single, started again while its first process would not end. */
async function abandon(t: TestContext) {
  const supervised = supervise(t)
  const { supervisor, dir, add, started } = supervised
  const unit = add({ argv: stubborn(dir), single: false, stopsecs: 60 })
  const old = await started(unit)
  await until('it ignores TERM', () => isUp(dir))
  supervisor.tell(unit, { type: 'stop' })
  const next = await started(unit)
  return { ...supervised, unit, old, next }
}

test('B31: a process that another was started beside gets SIGKILL after stopsecs, and is forgotten when it is gone', async t => {
  const { supervisor, world, dir, pass, unit, old, next } = await abandon(t)
  assert.notDeepEqual(old, next)
  supervisor.abandoned.press(world.now())
  assert.ok(isAlive(old), 'its time is not over')
  assert.deepEqual([...world.taken].sort(), [old.pid, next.pid].sort(), 'neither is taken over by another agent')
  pass(61)
  supervisor.abandoned.press(world.now())
  await gone(old)
  await until('nobody looks after it', () => {
    pass(1) // its group may take longer than it
    supervisor.abandoned.press(world.now())
    return supervisor.abandoned.next === Number.POSITIVE_INFINITY
  })
  assert.deepEqual([...world.taken], [next.pid])
  assert.deepEqual(unit.life.process, next, 'its end is none of the agent')
  const journal = parseJournal(readFileSync(join(dir, 'journal'), 'utf8'), bootId())
  assert.deepEqual([...journal.entries.keys()], [next.pid])
})

test('B31: it gets SIGKILL also when its agent has been forgotten meanwhile', async t => {
  const { supervisor, world, pass, unit, old, next } = await abandon(t)
  unit.removed = true
  supervisor.tell(unit, { type: 'stop' })
  pass(61)
  supervisor.tell(unit, { type: 'timer' })
  await gone(next)
  await until('the agent is forgotten', () => supervisor.units.size === 0)
  supervisor.abandoned.press(world.now())
  await gone(old)
})

test('B51: the evidence of an end has the lines of that process, not of the one that was started at once', async t => {
  const { supervisor, dir, add, events } = supervise(t)
  const said = join(dir, 'one.log')
  const unit = add({ argv: ['/bin/sh', '-c', 'echo first'], single: false, restartsecs: 0, retries: -1 })
  supervisor.tell(unit, { type: 'start' })
  await until(
    'it has ended again and again',
    () => events().filter(({ evidence }) => evidence !== undefined).length > 5,
  )
  for (const { evidence } of events()) if (evidence !== undefined) assert.deepEqual(evidence.stderr, ['first'])
  assert.match(readFileSync(said, 'utf8'), /^(first\n)+$/)
})

test('HUP: of two changes the later one counts, also where a stop came in between', async t => {
  const { supervisor, add, started } = supervise(t)
  const unit = add({ single: false })
  const { config } = unit
  await started(unit)
  supervisor.change(unit, { ...config, version: '2' })
  supervisor.tell(unit, { type: 'stop' })
  await until('it is stopped', () => unit.life.state === 'stoped')
  supervisor.change(unit, { ...config, version: '3' })
  await started(unit)
  assert.equal(unit.config.version, '3')
  assert.equal(unit.pending, null)
})
