import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Trim } from '../../../lib/agent/trim.ts'

test('memory is given back once all is quiet, and not again and again', t => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  t.after(() => mock.timers.reset())
  let count = 0
  const trim = new Trim(
    () => count++,
    () => Date.now(),
  )
  trim.touch()
  mock.timers.tick(2000)
  trim.touch()
  mock.timers.tick(2000)
  assert.equal(count, 0)
  mock.timers.tick(1500)
  assert.equal(count, 1)
  trim.touch()
  mock.timers.tick(30_000)
  assert.equal(count, 1)
  mock.timers.tick(30_000)
  assert.equal(count, 2)
  trim.touch()
  trim.close()
  mock.timers.tick(120_000)
  assert.equal(count, 2)
})
