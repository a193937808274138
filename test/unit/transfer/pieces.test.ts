import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandError, type Fault } from '../../../lib/errors.ts'
import { fetchPieces, toTurnedAway } from '../../../lib/transfer/pieces.ts'

const away = (fault: Fault = 'unavailable') => toTurnedAway(new CommandError(fault, 'too many'))

/** A server with so many places; what is fetched, in order, and how many were turned away. */
function server(places: number, fails: (piece: number) => unknown = () => undefined) {
  const got: number[] = []
  let now = 0
  let turned = 0
  let stopped = 0
  const fetch = async (piece: number) => {
    if (now >= places) {
      turned += 1
      throw away()
    }
    now += 1
    await new Promise(resolve => setImmediate(resolve))
    now -= 1
    const fault = fails(piece)
    if (fault !== undefined) throw fault
    got.push(piece)
  }
  const stop = () => {
    stopped += 1
  }
  const pause = async () => {}
  return { work: { fetch, stop, pause }, seen: () => ({ got: [...got].sort(), turned, stopped }) }
}

test('B50: pieces: each once, whatever the server takes', async () => {
  for (const [places, turned] of [
    [4, 0],
    [3, 1],
    [2, 2],
    [1, 3],
  ] as const) {
    const { work, seen } = server(places)
    await fetchPieces([0, 1, 2, 3], 4, work)
    assert.deepEqual(seen(), { got: [0, 1, 2, 3], turned, stopped: 0 })
  }
})

test('B50: pieces: a server that takes none at all ends it, with what it said', async () => {
  const { work, seen } = server(0)
  await assert.rejects(fetchPieces([0, 1, 2, 3], 4, work), { name: 'CommandError', message: 'too many' })
  assert.deepEqual(seen(), { got: [], turned: 6, stopped: 1 })
  const alone = server(0)
  await assert.rejects(fetchPieces([0], 1, alone.work), { message: 'too many' })
  assert.equal(alone.seen().turned, 1)
})

test('B50: pieces: the last connection tries again while the server forgets the one before, and not for ever', async () => {
  for (const [forgets, pauses] of [
    [3, [1, 2, 3]],
    [9, [1, 2, 3, 4, 5]],
  ] as const) {
    const told: number[] = []
    let asked = 0
    const fetch = async () => {
      asked += 1
      if (asked > 1 && asked < 3 + forgets) throw away('permission')
    }
    const pause = async (times: number) => void told.push(times)
    const done = fetchPieces([0, 1, 2, 3], 2, { fetch, stop() {}, pause })
    await (forgets === 3 ? done : assert.rejects(done, { fault: 'permission' }))
    assert.deepEqual(told, pauses)
  }
})

test('B50: pieces: another fault ends all, and is the one that is told', async () => {
  const { work, seen } = server(4, piece => (piece === 2 ? new CommandError('data', 'changed') : undefined))
  await assert.rejects(fetchPieces([0, 1, 2, 3, 4, 5], 2, work), { fault: 'data' })
  assert.equal(seen().stopped, 1)
  assert.ok(toTurnedAway(new CommandError('data', 'changed')) instanceof CommandError)
  assert.ok(toTurnedAway(new CommandError('unavailable', 'nothing came within 0.5 seconds')) instanceof CommandError)
})
