import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Snapshot } from '../../../lib/model/report.ts'
import { fitStatus } from '../../../lib/report/fit.ts'
import { SNAPSHOT } from './snapshot.ts'

const MOST = 64 * 1024

const fit = (parts: Partial<Snapshot>, most = MOST) => fitStatus({ ...SNAPSHOT, ...parts }, SNAPSHOT.agentsn, 1, most)

const event = (id: number, message: string) => ({
  ...SNAPSHOT.events[0],
  id,
  timestamp: 1,
  category: 'agent',
  subject: null,
  extra: null,
  message,
})
const events = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => event(i + 1, 'x'.repeat(length)))
const tasks = (count: number, length: number, errcode: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `t${i}`, errcode, message: 'x'.repeat(length) }))
const agents = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    name: `agent-${i}-${'n'.repeat(35)}`,
    version: '1',
    status: 'running',
    uptime: 1,
    resource: { cpu: 1, rss: 2, fds: 3 },
  }))

test('B9: what is small goes as a whole', () => {
  const { body, events: last, tasks: ids, faults } = fit({ events: events(3, 10), tasks: tasks(2, 10, 0) })
  const { events: sent, tasks: ended } = JSON.parse(body)
  assert.equal(sent.length, 3)
  assert.equal(ended.length, 2)
  assert.deepEqual({ last, ids, faults }, { last: 3, ids: ['t0', 't1'], faults: [] })
})

test('B9: events that do not fit wait, the oldest go first, whatever the order they come in', () => {
  const { body, events: last, faults } = fit({ events: events(1000, 100).reverse() })
  const ids = JSON.parse(body).events.map(({ id }: { id: number }) => id)
  assert.ok(Buffer.byteLength(body) <= MOST && Buffer.byteLength(body) > MOST - 200)
  assert.deepEqual(
    ids,
    Array.from({ length: last }, (_, i) => i + 1),
  )
  assert.deepEqual(faults, [])
})

test('B9: report after report delivers each event once', () => {
  let left = events(1000, 300)
  const sent: number[] = []
  for (let report = 0; left.length > 0; report++) {
    assert.ok(report < 10)
    const { body, events: last } = fit({ events: left })
    sent.push(...JSON.parse(body).events.map(({ id }: { id: number }) => id))
    left = left.filter(({ id }) => id > last)
  }
  assert.deepEqual(
    sent,
    events(1000, 0).map(({ id }) => id),
  )
})

test('B9: results of tasks go before events, which keep a part; phases are sent but not delivered', () => {
  const results = [...tasks(3, 20, -1), ...tasks(1000, 200, 7)]
  const { body, tasks: ids, events: last } = fit({ tasks: results, events: events(500, 100) })
  const sent = JSON.parse(body)
  assert.ok(Buffer.byteLength(body) <= MOST)
  assert.ok(sent.tasks.length > 150 && sent.events.length > 30)
  assert.equal(ids.length, sent.tasks.length)
  assert.equal(last, sent.events.length)
  const few = fit({ tasks: [...tasks(2, 9, -3), { id: 'end', errcode: 0, message: 'success' }] })
  assert.equal(JSON.parse(few.body).tasks.length, 3)
  assert.deepEqual(few.tasks, ['end'])
})

test('B9: an event that is larger than any report is cut and told, and does not hold up the rest', () => {
  const { body, events: last, faults } = fit({ events: [event(1, '\u0001'.repeat(70_000)), event(2, 'y')] })
  const [first, second] = JSON.parse(body).events
  assert.equal(first.message, `${'\u0001'.repeat(1024)} (cut)`)
  assert.equal(second.message, 'y')
  assert.equal(last, 2)
  assert.deepEqual(faults, ['the message of event 1 is cut: the report would be too large'])
})

test('B9: a large event that fits alone waits for a report of its own, uncut', () => {
  const big = event(2, 'z'.repeat(40_000))
  const first = fit({ events: [event(1, 'x'.repeat(40_000)), big] })
  assert.equal(first.events, 1)
  const second = fit({ events: [big] })
  assert.equal(JSON.parse(second.body).events[0].message.length, 40_000)
  assert.deepEqual([first.faults, second.faults], [[], []])
})

test('B9: agents leave out first what they use, and leave a part to the rest', () => {
  const { body, faults } = fit({ agents: agents(400), events: events(9, 10) })
  const sent = JSON.parse(body)
  assert.equal(sent.agents.length, 400)
  assert.equal(sent.agents[0].resource, undefined)
  assert.equal(sent.events.length, 9)
  assert.deepEqual(faults, ['what the agents use is left out: the report would be too large'])
})

test('B9: agents that do not fit even so wait for the next report: all are reported in so many steps, in turn', () => {
  const { step } = SNAPSHOT
  const seen: string[][] = []
  for (const turn of [1000, 1001, 1002]) {
    const parts = { ...SNAPSHOT, agents: agents(1000), events: events(9, 10), tasks: tasks(9, 10, 0) }
    const { body, faults } = fitStatus(parts, SNAPSHOT.agentsn, turn * step + 7, MOST)
    const sent = JSON.parse(body)
    assert.ok(Buffer.byteLength(body) <= MOST)
    assert.deepEqual([sent.events.length, sent.tasks.length], [9, 9])
    seen.push(sent.agents.map(({ name }: { name: string }) => name))
    assert.equal(faults[1], `${1000 - sent.agents.length} agents wait for a later report: this one would be too large`)
  }
  const all = agents(1000).map(({ name }) => name)
  assert.deepEqual(seen.flat().sort(), all.sort())
  assert.ok(seen.filter(names => names.length > 300).length === 2)
})

test('B9: an agent that fits into no report is told, and does not hold up the others', () => {
  const [one, ...others] = agents(500)
  const huge = { ...one, name: 'huge', version: 'v'.repeat(70_000), status: 'running', uptime: 1 }
  const { body, faults } = fit({ agents: [huge, ...others] })
  assert.equal(JSON.parse(body).agents.length > 300, true)
  assert.equal(faults[1], "agent 'huge' is left out: no report has room for it")
})

test('B9: never more bytes than asked for, of letters of several bytes too', () => {
  for (const most of [3072, 8192, MOST]) {
    for (const message of ['é'.repeat(500), '\u0000'.repeat(500), '😀'.repeat(500), '"\\'.repeat(500)]) {
      const parts = { events: [event(1, message), event(2, message)], tasks: [{ id: 'a', errcode: 1, message }] }
      const { body } = fit(parts, most)
      assert.ok(Buffer.byteLength(body) <= most, `${Buffer.byteLength(body)} of ${most}`)
      assert.equal(JSON.parse(body).hostname, SNAPSHOT.hostname)
    }
  }
})
