import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAll } from '../../../lib/agent/start-all.ts'
import { until } from './agents.ts'
import { supervise } from './supervised.ts'

test('B20: agents are started one a turn of the loop, but for those somebody has had to do with meanwhile', async t => {
  const { supervisor, add } = supervise(t)
  const [first, gone, changed, last] = ['first', 'gone', 'changed', 'last'].map(name =>
    add({ name, autostart: true, single: false }),
  )
  assert.ok(first && gone && changed && last)
  startAll(supervisor, [first, gone, changed, last])
  assert.notEqual(first.life.process, null)
  assert.equal(last.life.process, null)
  gone.removed = true
  supervisor.tell(gone, { type: 'stop' })
  supervisor.change(changed, { ...changed.config, autostart: false })
  await until('the last one is started', () => last.life.process !== null)
  assert.equal(gone.life.process, null, 'nobody would look after it')
  assert.equal(changed.life.process, null)
})

test('B22: nothing more is started when all are being stopped', async t => {
  const { supervisor, add } = supervise(t)
  const [one, two] = ['one', 'two'].map(name => add({ name, autostart: true, single: false }))
  assert.ok(one && two)
  startAll(supervisor, [one, two])
  supervisor.stopping = true
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(two.life.process, null)
})
