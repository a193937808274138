import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { steadyNow, systemClock, toSteadyTime, toWallTime } from '../../../lib/sys/clock.ts'

/** Steps the clock on the wall by so many seconds. */
function step(t: TestContext, seconds: number): void {
  const { now } = Date
  t.mock.method(Date, 'now', () => now() + seconds * 1000)
}

/** Both are times of about the same moment. */
function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 5, `${actual} is not about ${expected}`)
}

test('the steady time is that of the wall until that is stepped', () => {
  near(steadyNow(), Date.now() / 1000)
  near(toWallTime(1000), 1000)
  near(toSteadyTime(1000), 1000)
})

for (const seconds of [3600, -3600, 1e9, -1e9]) {
  test(`a step of ${seconds} s moves the wall and not the steady time`, t => {
    const before = steadyNow()
    step(t, seconds)
    near(steadyNow(), before)
    near(systemClock.now(), before + seconds)
  })

  test(`after a step of ${seconds} s a moment has its new time on the wall, and back`, t => {
    const deadline = steadyNow() + 60
    const wall = toWallTime(deadline)
    step(t, seconds)
    near(toWallTime(deadline), wall + seconds)
    near(toSteadyTime(toWallTime(deadline)), deadline)
  })
}

test('the steady time never goes back', () => {
  let last = steadyNow()
  for (let i = 0; i < 1000; i++) {
    const now = steadyNow()
    assert.ok(now >= last)
    last = now
  }
})

test('a sleep ends early, and without an error, when it is called off', async () => {
  const controller = new AbortController()
  const asleep = systemClock.sleep(3600, controller.signal)
  controller.abort()
  await asleep
  await systemClock.sleep(3600, controller.signal)
  await systemClock.sleep(0)
})
