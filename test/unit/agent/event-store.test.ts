import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventStore } from '../../../lib/agent/event-store.ts'

const event = (message: string, stderr: string[] = []) =>
  ({
    now: 1_700_000_000.9,
    kind: 'exit',
    subject: 'web',
    extra: '1.0',
    message,
    evidence: {
      pid: 1,
      code: 0,
      signal: null,
      oom: false,
      ran: 1,
      usage: { cpu: null, rss: null, fds: null },
      limits: {},
      stderr,
    },
  }) as const

const idsOf = ({ events }: { events: readonly { id: number }[] }) => events.map(({ id }) => id)

test('B51: ids count from 1, times are whole seconds', () => {
  const store = new EventStore()
  assert.equal(store.add(event('a')).id, 1)
  const { message, kind, evidence, ...second } = store.add({ ...event('b'), subject: null })
  assert.deepEqual(second, {
    type: 'event',
    id: 2,
    timestamp: 1_700_000_000,
    category: 'agent',
    subject: null,
    extra: '1.0',
  })
})

test('B51: after an id, the last so many, and what was thrown away', () => {
  const store = new EventStore(() => {}, 5)
  assert.deepEqual(store.after(0, 9), { events: [], last: 0, lost: 0 })
  for (let i = 1; i <= 8; i++) store.add(event(`${i}`))
  for (const [after, most, ids, lost] of [
    [0, 9, [4, 5, 6, 7, 8], 3],
    [2, 9, [4, 5, 6, 7, 8], 1],
    [3, 9, [4, 5, 6, 7, 8], 0],
    [6, 9, [7, 8], 0],
    [0, 2, [7, 8], 3],
    [0, 0, [], 3],
    [8, 9, [], 0],
    [99, 9, [], 0],
  ] as const) {
    const answer = store.after(after, most)
    assert.deepEqual([idsOf(answer), answer.last, answer.lost], [ids, 8, lost], `after ${after}, most ${most}`)
  }
})

test('B51: whoever waits gets the next event; others are answered when the time is over, or at the end', async () => {
  const store = new EventStore()
  store.add(event('a'))
  assert.deepEqual(idsOf(await store.wait(0, 9, 60)), [1])
  assert.deepEqual(idsOf(await store.wait(1, 9, 0.01)), [])
  assert.deepEqual(await store.wait(7, 9, 60), { events: [], last: 1, lost: 0 })
  const next = [store.wait(1, 9, 60), store.wait(1, 9, 60)]
  store.add(event('b'))
  assert.deepEqual((await Promise.all(next)).map(idsOf), [[2], [2]])
  const last = store.wait(2, 9, 60)
  store.close()
  assert.deepEqual(idsOf(await last), [])
})

test('B51: only so many may wait', () => {
  const store = new EventStore()
  for (let i = 0; i < 64; i++) store.wait(0, 9, 60)
  assert.throws(() => store.wait(0, 9, 60), { fault: 'again', message: '64 others wait for events already' })
  store.close()
  assert.ok(store.wait(0, 9, 60) instanceof Promise)
  store.close()
})

test('B51: what is kept stays bounded in number and in size over 100,000 events', () => {
  const told: number[] = []
  const store = new EventStore(({ id }) => told.push(id))
  const kept = () => {
    const { events } = store.after(0, 1e9)
    return { count: events.length, characters: JSON.stringify(events).length }
  }
  for (let i = 0; i < 100_000; i++) store.add(event('short'))
  assert.equal(kept().count, 1000)
  for (let i = 0; i < 2000; i++) store.add(event('x'.repeat(100_000), ['y'.repeat(5000)]))
  const { count, characters } = kept()
  assert.ok(count > 50 && characters < 1.2 * 1024 * 1024, `${count} events, ${characters} characters`)
  assert.equal(store.after(0, 1).events[0]?.message.length, 4096)
  assert.equal(told.length, 102_000)
  for (let i = 0; i < 1000; i++) store.add(event('short'))
  assert.equal(kept().count, 1000)
  store.add(event('x', ['y'.repeat(2_000_000)]))
  assert.equal(kept().count, 1)
})

test('B51: events are kept for a report until one that carried them was answered', () => {
  const store = new EventStore(() => {}, 5)
  for (let i = 1; i <= 4; i++) store.add(event(`${i}`))
  const ids = (most = 9) => idsOf({ events: store.undelivered(most) })
  assert.deepEqual(ids(), [1, 2, 3, 4])
  assert.deepEqual(ids(2), [1, 2])
  store.acknowledge(2)
  assert.deepEqual(ids(), [3, 4])
  store.acknowledge(1)
  store.acknowledge(4)
  assert.deepEqual(ids(), [])
  store.add(event('5'))
  assert.deepEqual(ids(), [5])
})

test('B9: what no server has taken and was thrown away is counted, once', () => {
  const store = new EventStore(() => {}, 5)
  for (let i = 1; i <= 3; i++) store.add(event(`${i}`))
  store.undelivered(9)
  store.acknowledge(2)
  for (let i = 4; i <= 9; i++) store.add(event(`${i}`))
  assert.deepEqual(idsOf({ events: store.undelivered(9) }), [5, 6, 7, 8, 9])
  assert.equal(store.takeDropped(), 2) // 3 and 4
  assert.equal(store.takeDropped(), 0)
})

test('B51: the answer to a report of an earlier agent-spawn takes nothing of what this one has not told', () => {
  const store = new EventStore()
  for (let i = 1; i <= 4; i++) store.add(event(`${i}`))
  for (const id of [3, 99, -1, Number.NaN]) store.acknowledge(id)
  assert.deepEqual(idsOf({ events: store.undelivered(2) }), [1, 2])
  store.acknowledge(3)
  assert.deepEqual(idsOf({ events: store.undelivered(9) }), [1, 2, 3, 4])
  store.acknowledge(3)
  assert.deepEqual(idsOf({ events: store.undelivered(9) }), [4])
})
