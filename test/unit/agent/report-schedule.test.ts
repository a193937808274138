import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  firstReport,
  RETRY,
  type ReportSchedule,
  retryDelay,
  scheduleStep,
} from '../../../lib/agent/report-schedule.ts'

const at = (schedule: Partial<ReportSchedule> = {}): ReportSchedule => ({
  step: 600,
  failures: 0,
  next: 1000,
  running: null,
  again: false,
  ...schedule,
})

test('B10: an answered report is followed by the next after a step, give or take 2 %', () => {
  const running = scheduleStep(at(), { type: 'began' }, 1000)
  assert.equal(running.running, 1000)
  assert.equal(scheduleStep(running, { type: 'answered', chance: 0 }, 1010).next, 1010 + 588)
  assert.equal(scheduleStep(running, { type: 'answered', chance: 1 }, 1010).next, 1010 + 612)
  assert.equal(scheduleStep(running, { type: 'answered', chance: 0.5 }, 1010).running, null)
})

const DELAYS = [
  { failures: 0, step: 600, chance: 1, is: 180 },
  { failures: 0, step: 600, chance: 0, is: 90 },
  { failures: 1, step: 600, chance: 1, is: 360 },
  { failures: 2, step: 600, chance: 1, is: 600 },
  { failures: 50, step: 3600, chance: 1, is: 3600 },
  { failures: 5, step: 60, chance: 1, is: 180 },
]
for (const { failures, step, chance, is } of DELAYS) {
  test(`B11: after ${failures + 1} failures in a row, step ${step}, chance ${chance}: ${is} s`, () =>
    assert.equal(retryDelay(failures, step, chance), is))
}

test('B11: a failure grows the wait, an answer clears it', () => {
  const failed = scheduleStep(at({ failures: 1 }), { type: 'failed', chance: 1 }, 1000)
  assert.deepEqual([failed.failures, failed.next], [2, 1360])
  assert.equal(scheduleStep(failed, { type: 'answered', chance: 0.5 }, 1000).failures, 0)
})

test('B58: sync reports now, or as soon as the one under way has ended', () => {
  assert.equal(scheduleStep(at({ next: 5000 }), { type: 'sync' }, 1000).next, 1000)
  const during = scheduleStep(at({ running: 990 }), { type: 'sync' }, 1000)
  assert.equal(during.again, true)
  assert.equal(scheduleStep(during, { type: 'answered', chance: 1 }, 1005).next, 1005)
})

test('B38: another step counts at once where it is shorter', () => {
  assert.equal(scheduleStep(at({ next: 1500 }), { type: 'step', step: 60, chance: 0.5 }, 1000).next, 1060)
  assert.equal(scheduleStep(at({ next: 1500 }), { type: 'step', step: 3600, chance: 0.5 }, 1000).next, 1500)
})

test('a thousand hosts that boot together do not report together, and neither do they after a server was down', () => {
  const firsts = Array.from({ length: 1000 }, (_, i) => firstReport(0, 600, true, i / 1000).next)
  for (let second = 0; second < RETRY; second++)
    assert.ok(firsts.filter(time => time >= second && time < second + 1).length <= 7)
  const retries = Array.from({ length: 1000 }, (_, i) => retryDelay(0, 600, i / 1000))
  for (let second = 90; second < 180; second++)
    assert.ok(retries.filter(time => time >= second && time < second + 1).length <= 13)
})
