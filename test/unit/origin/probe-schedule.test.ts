import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toControl } from '../../../lib/origin/probe-control.ts'
import { RateLimit } from '../../../lib/origin/probe-rate.ts'
import { Agenda } from '../../../lib/origin/probe-schedule.ts'
import { startOf } from '../../../lib/origin/probe-spread.ts'

test('the spread: each unit has its place in the first half of the period (damping 8.1)', () => {
  const tenths = Array.from({ length: 10 }, () => 0)
  for (let i = 0; i < 2000; i++) {
    const start = startOf(`http://192.0.2.${i % 250}:80 GET fake.com/${i}`, 60, () => 0.5)
    assert.ok(start >= 0 && start <= 30)
    const tenth = Math.min(9, Math.floor(start / 3))
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  assert.ok(Math.min(...tenths) > 140 && Math.max(...tenths) < 260, tenths.join(' '))
})

test('the spread: 3 % of noise, and never outside', () => {
  const middle = startOf('b', 60, () => 0.5)
  assert.equal(
    startOf('b', 60, () => 0.5),
    middle,
  )
  assert.ok(Math.abs(startOf('b', 60, () => 0) - middle) <= 0.03 * 30)
  for (let i = 0; i < 1000; i++) {
    const starts = [startOf(`${i}`, 60, () => 0), startOf(`${i}`, 60, () => 0.999)]
    assert.ok(starts.every(start => start >= 0 && start <= 30))
  }
})

test('the agenda: by moment, and a repeat before what was planned for the same one', () => {
  const agenda = new Agenda([
    { atMs: 30, job: 'c' },
    { atMs: 10, job: 'a' },
    { atMs: 20, job: 'b' },
  ])
  assert.deepEqual([agenda.nextMs, agenda.take()], [10, 'a'])
  agenda.add({ atMs: 40, job: 'e' })
  agenda.add({ atMs: 20, job: 'again' })
  const order = []
  for (let job = agenda.take(); job !== undefined; job = agenda.take()) order.push(job)
  assert.deepEqual(order, ['again', 'b', 'c', 'e'])
  assert.deepEqual([agenda.size, agenda.nextMs, agenda.take(), agenda.size], [0, undefined, undefined, 0])
})

test('the rate: a tenth of a second at once, then as time allows', () => {
  let now = 0
  const rate = new RateLimit(1_000_000, () => now)
  const transfer = { resume: () => {} }
  assert.equal(rate.take(60_000, transfer), true)
  assert.equal(rate.take(60_000, transfer), false)
  rate.forget(transfer)
  assert.ok(Math.abs(rate.waitMs - 20) < 1)
  now = 21
  assert.equal(rate.waitMs, 0)
  now = 10_000
  assert.equal(rate.take(99_000, transfer), true)
  assert.equal(rate.take(2_000, transfer), false)
  rate.forget(transfer)
})

test('the rate: who is held back reads on in turn', async () => {
  const rate = new RateLimit(1_000_000)
  const order: string[] = []
  await new Promise<void>(resolve => {
    for (const name of ['a', 'b', 'c']) {
      const transfer = {
        resume: () => {
          order.push(name)
          if (order.length === 3) resolve()
        },
      }
      rate.take(50_000, transfer)
      if (name === 'a') rate.take(60_000, transfer)
    }
  })
  assert.deepEqual(order, ['a', 'b', 'c'])
})

test('a control: HOST:PORT', () => {
  assert.deepEqual(toControl('gateway:22'), { host: 'gateway', port: 22 })
  assert.deepEqual(toControl('192.0.2.1:8089'), { host: '192.0.2.1', port: 8089 })
  assert.deepEqual(toControl('[2001:db8::1]:22'), { host: '2001:db8::1', port: 22 })
  for (const text of ['gateway', ':22', 'gateway:0', 'gateway:65536', '2001:db8::1:22', 'a b:1']) {
    assert.throws(() => toControl(text), { message: `option --control: '${text}' is not HOST:PORT` })
  }
})
