import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nowAndThen } from '../../../lib/sys/now-and-then.ts'

test('now and then: said at once, then once in so many seconds, with how often it was in between', () => {
  const said: number[] = []
  let now = 100
  const happened = nowAndThen(
    times => said.push(times),
    60,
    () => now,
  )
  for (now of [100, 101, 159, 160, 161, 500]) happened()
  assert.deepEqual(said, [1, 3, 2])
})
