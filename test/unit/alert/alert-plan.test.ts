import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KEYS_MOST } from '../../../lib/alert/alert-input.ts'
import { planAlerts } from '../../../lib/alert/alert-plan.ts'
import type { AlertState } from '../../../lib/model/alert-state.ts'

const TIMES = { every: 3600, clearAfter: 300 }
const NONE: AlertState = { type: 'alert-state', version: 1, alerts: {} }

function came(now: number, ...keys: readonly string[]) {
  const alert = { level: 'warning', command: 'x', place: null, time: now, count: 1 } as const
  return { alerts: keys.map(key => ({ ...alert, key, message: key })), overflow: 0 }
}

/** Runs of one minute each; a letter is the alert of that run, `.` none; `!` the mail could not be sent. */
function mails(runs: readonly string[]): string {
  let state = NONE
  return runs
    .map((run, minute) => {
      const now = 1e9 + minute * 60
      const keys = [...run].filter(key => /[a-z]/.test(key))
      const plan = planAlerts(state, came(now, ...keys), { ...TIMES, now })
      state = run.includes('!') ? plan.ifNotSent : plan.ifSent
      const told = [...plan.due.map(alert => alert.message), ...plan.cleared.map(alert => `-${alert.message}`)]
      return told.length === 0 ? '' : `${minute}:${told.join('')}`
    })
    .filter(text => text !== '')
    .join(' ')
}

const repeat = (count: number, ...runs: readonly string[]) => Array.from({ length: count }, () => runs).flat()

const RUNS = [
  { title: 'nothing comes in', runs: repeat(90, '.'), is: '' },
  { title: 'the same alert hourly', runs: repeat(130, 'a'), is: '0:a 60:a 120:a' },
  { title: 'all clear after five minutes, once', runs: ['a', 'a', ...repeat(20, '.')], is: '0:a 6:-a' },
  { title: 'two alerts are apart', runs: ['a', 'ab', 'b', ...repeat(12, '.')], is: '0:a 1:b 6:-a 7:-b' },
  { title: 'absent for less: no all-clear, no second mail', runs: repeat(20, 'a', '.', '.', '.'), is: '0:a 60:a' },
  { title: 'not sent: again, until it is', runs: ['a!', 'a!', 'a', 'a'], is: '0:a 1:a 2:a' },
  { title: 'not sent and gone: mailed all the same', runs: ['a!', '.!', '.', '.'], is: '0:a 1:a 2:a' },
  { title: 'an all-clear that was not sent', runs: ['a', ...repeat(5, '.!'), '.!', '.'], is: '0:a 5:-a 6:-a 7:-a' },
  {
    title: 'one that comes every 7 minutes: the wait for the all-clear doubles',
    runs: repeat(20, 'a', ...repeat(6, '.')),
    is: '0:a 5:-a 7:a 70:a 133:a',
  },
] as const

for (const { title, runs, is } of RUNS) test(`planAlerts: ${title}`, () => assert.equal(mails(runs), is))

test('planAlerts: a clock that was set back does not silence an alert', () => {
  const first = planAlerts(NONE, came(2e9, 'a'), { ...TIMES, now: 2e9 })
  assert.equal(planAlerts(first.ifSent, came(1e9, 'a'), { ...TIMES, now: 1e9 }).due.length, 1)
})

test('planAlerts: fatal alerts come first, and the number of keys is bounded', () => {
  const now = 1e9
  const many = came(now, ...Array.from({ length: KEYS_MOST + 5 }, (_, i) => `k${i}`))
  const [last] = many.alerts.slice(-6)
  const alerts = many.alerts.map(alert => (alert.key === 'k7' ? { ...alert, level: 'fatal' as const } : alert))
  const plan = planAlerts(NONE, { alerts, overflow: 2 }, { ...TIMES, now })
  assert.equal(plan.due[0]?.message, 'k7')
  assert.equal(plan.due.length, KEYS_MOST)
  assert.equal(plan.overflow, 7)
  assert.ok(last !== undefined && last.key in plan.ifSent.alerts)
})

test('planAlerts: a key that means something to objects is a key like others', () => {
  const plan = planAlerts(NONE, came(1e9, '__proto__', 'constructor'), { ...TIMES, now: 1e9 })
  const state = JSON.parse(JSON.stringify(plan.ifSent))
  assert.deepEqual(planAlerts(state, came(1e9, '__proto__', 'constructor'), { ...TIMES, now: 1e9 + 60 }).due, [])
})
