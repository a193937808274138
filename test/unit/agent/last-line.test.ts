import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { traceOf } from '../../../lib/agent/last-line.ts'
import { until } from './agents.ts'
import { supervise } from './supervised.ts'

const FILE = resolve(import.meta.dirname, '../../../lib/agent/last-line.ts')

for (const [how, statement] of [
  ['a callback', 'setTimeout(() => { throw new Error("oh") }, 1)'],
  ['a promise', 'void Promise.reject(new Error("oh"))'],
] as const) {
  test(`what is thrown out of ${how} is told in one line, and ends the process with 70`, () => {
    const program = `import { endByFaults } from '${FILE}'
      endByFaults({ log: (level, text) => console.log(level, text) })
      setTimeout(() => console.log('it goes on'), 10000)
      ${statement}`
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    assert.match(stdout, /^fatal bug: Error: oh \| at .*\n$/)
    assert.equal(status, 70)
  })
}

test('what was thrown is one line, also where it is no error', () => {
  assert.match(traceOf(new Error('one\n  two')), /^Error: one \| two \| at /)
  assert.equal(traceOf('words'), 'words')
})

/** Throws the first time that something is put in. */
class FirstFails extends Set<number> {
  #failed = false

  override add(value: number): this {
    if (this.#failed) return super.add(value)
    this.#failed = true
    throw new Error('oh')
  }
}

test('a fault of ours with one agent is told, and the others go on', async t => {
  const { supervisor, add, started, events, logged } = supervise(t, { taken: new FirstFails() })
  const bad = add({ name: 'bad', single: false })
  const good = add({ name: 'good', single: false })
  supervisor.tell(bad, { type: 'start' })
  assert.match(events().at(-1)?.message ?? '', /^a fault of agent-spawn: Error: oh \| at /)
  assert.match(logged.at(-1) ?? '', /^error: agent 'bad': a fault of agent-spawn: /)
  await started(good)
  supervisor.tell(good, { type: 'stop' })
  await until('it is stopped', () => good.life.state === 'stoped')
})
