import assert from 'node:assert/strict'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { ProcessId } from '../../../lib/agent/life.ts'
import { markOf } from '../../../lib/agent/pid-file.ts'
import { refresh } from '../../../lib/agent/refresh.ts'
import { newUnit, type Unit } from '../../../lib/agent/unit.ts'
import { steadyNow } from '../../../lib/sys/clock.ts'
import { agentConfig, scratch, start } from './agents.ts'

/** A `fork` agent whose command was launched `ago` seconds ago, with a pid file as it then was. */
function launched(t: TestContext, text: string | null, ago = 0): Unit {
  const pidfile = join(scratch(t), 'one.pid')
  if (text !== null) writeFileSync(pidfile, text)
  const unit = newUnit(agentConfig(['/bin/daemon'], { type: 'fork', pidfile }), null, steadyNow())
  unit.pidMark = markOf(pidfile)
  unit.life = { ...unit.life, state: 'starting', started: steadyNow() - ago }
  return unit
}

function write(unit: Unit, text: string): void {
  writeFileSync(unit.config.pidfile ?? '', text)
}

function sleeper(t: TestContext): ProcessId {
  return start(t, ['/bin/sleep', '60']).id
}

/** The process that was taken; or why none was. */
function taken(unit: Unit, others: readonly number[] = []): ProcessId | string {
  const event = refresh(unit, new Set(others))
  assert.equal(event.type, 'refreshed')
  return event.process ?? event.message
}

test('B16: a process that came after the start, in a file that was written since, is of the agent', t => {
  const unit = launched(t, null)
  const id = sleeper(t)
  write(unit, `${id.pid}\nmore\n`)
  assert.deepEqual(taken(unit), id)
})

test('B16: a file that was there before names a stranger, though that came after the start', t => {
  const id = sleeper(t)
  const unit = launched(t, `${id.pid}\n`)
  assert.match(String(taken(unit)), /is not of this agent$/)
  utimesSync(unit.config.pidfile ?? '', 1, 1)
  assert.deepEqual(taken(unit), id, 'it was written again')
})

test('B16: a process that was there before the start is a stranger, though the file was written since', t => {
  const id = sleeper(t)
  const unit = launched(t, null, -5)
  write(unit, `${id.pid}\n`)
  assert.match(String(taken(unit)), /is not of this agent$/)
})

test('B16: a process that runs the program of the agent is of it, whatever the file and the times', t => {
  const id = sleeper(t)
  const unit = launched(t, `${id.pid}\n`, -5)
  assert.deepEqual(taken({ ...unit, config: { ...unit.config, argv: ['/bin/sleep', '60'] } }), id)
})

test('B16: a process of another agent is not taken', t => {
  const unit = launched(t, null)
  const id = sleeper(t)
  write(unit, `${id.pid}\n`)
  assert.match(String(taken(unit, [id.pid])), /is not of this agent$/)
})

test('B16: the process that is known stays so; a later one with its pid, in the same file, is a stranger', t => {
  const unit = launched(t, null)
  const id = sleeper(t)
  write(unit, `${id.pid}\n`)
  assert.deepEqual(taken(unit), id)
  unit.life = { ...unit.life, process: id }
  assert.deepEqual(taken(unit, [id.pid]), id)
  unit.life = { ...unit.life, process: { ...id, startTime: id.startTime - 1 } }
  assert.match(String(taken(unit)), /is not of this agent$/)
})
