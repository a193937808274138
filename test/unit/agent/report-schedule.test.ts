import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  firstReport,
  type ReportPlan,
  type ReportSchedule,
  retryDelay,
  scheduleStep,
} from '../../../lib/agent/report-schedule.ts'

const at = (schedule: Partial<ReportSchedule> = {}): ReportSchedule => ({
  step: 600,
  retry: 180,
  slot: 0.25,
  failures: 0,
  next: 1000,
  running: null,
  again: false,
  ...schedule,
})

/** Seconds, when a report was answered at that time: after it the place of the host comes round, give or take 2 %. */
const ANSWERED = [
  { at: 750, chance: 0.5, next: 1350 },
  { at: 755, chance: 0, next: 1338 },
  { at: 755, chance: 1, next: 1362 },
  { at: 1049, chance: 0.5, next: 1350 },
  { at: 1051, chance: 0.5, next: 1950 },
  { at: 1350, chance: 0, next: 1938 },
]
for (const { at: now, chance, next } of ANSWERED) {
  test(`B10: answered at ${now}, chance ${chance}, the next report is at ${next}: at least half a step, at most one and a half`, () => {
    const running = scheduleStep(at(), { type: 'began' }, now - 1)
    assert.equal(running.running, now - 1)
    const after = scheduleStep(running, { type: 'answered', chance }, now)
    assert.deepEqual([after.running, Math.round(after.next)], [null, next])
  })
}

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
    assert.equal(retryDelay({ step, retry: 180 }, failures, chance), is))
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
  assert.equal(scheduleStep(at({ next: 1500 }), { type: 'step', step: 60, chance: 0.5 }, 1000).next, 1035)
  assert.equal(scheduleStep(at({ next: 1500 }), { type: 'step', step: 3600, chance: 0.5 }, 1000).next, 1500)
})

const PLAN: ReportPlan = { step: 600, retry: 180, slot: 0.25 }

test('B10: after agent-spawn was started again a host reports at its own place; one that nobody knows, soon', () => {
  const first = (now: number, chance: number, since: { boot: boolean; registered: boolean }) =>
    firstReport(PLAN, now, since, chance).next
  for (const now of [160, 400, 700]) assert.equal(first(now, 0.5, { boot: false, registered: true }), 750)
  assert.equal(first(751, 0.5, { boot: false, registered: true }), 1350)
  assert.equal(first(1000, 1, { boot: false, registered: false }), 1018)
  assert.equal(first(1000, 1, { boot: true, registered: true }), 1180)
})

/** The most of these times that fall into one second. */
function crowd(times: readonly number[]): number {
  const seconds = new Map<number, number>()
  for (const time of times) seconds.set(Math.floor(time), (seconds.get(Math.floor(time)) ?? 0) + 1)
  return Math.max(...seconds.values())
}

test('a thousand hosts never report together: after a boot, a restart of all, or a server that was down', () => {
  const hosts = Array.from({ length: 1000 }, (_, i) => i / 1000)
  const booted = hosts.map(chance => firstReport(PLAN, 0, { boot: true, registered: true }, chance).next)
  assert.ok(crowd(booted) <= 7)
  const restarted = hosts.map(slot => firstReport({ ...PLAN, slot }, 0, { boot: false, registered: true }, 0.5).next)
  assert.ok(crowd(restarted) <= 3)
  assert.ok(crowd(hosts.map(chance => retryDelay(PLAN, 0, chance))) <= 13)
})
