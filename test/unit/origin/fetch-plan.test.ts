import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextState, planServers } from '../../../lib/origin/fetch-plan.ts'
import { type FetchState, FRESH, parseState, renderState } from '../../../lib/origin/fetch-state.ts'

const at = (minutes: number) => Date.parse('2026-01-01T00:00:00Z') + minutes * 60_000
const using = (server: string | null, failures: number): FetchState => ({ ...FRESH, server, failures })

/** title, state, sticky, is there an installed file, the servers asked; damping 8.4 */
const PLANS: readonly [string, FetchState, number, boolean, string][] = [
  ['a first run with a file: the first one', FRESH, 3, true, 'a'],
  ['a first run without: all', FRESH, 3, false, 'abc'],
  ['the one in use', using('b', 0), 3, true, 'b'],
  ['the one in use first, without a file', using('b', 0), 3, false, 'bac'],
  ['its second failure would be no reason', using('b', 1), 3, true, 'b'],
  ['its third one would', using('b', 2), 3, true, 'bac'],
  ['and every later one', using('b', 9), 3, true, 'bac'],
  ['sticky 1: at once', using('b', 0), 1, true, 'bac'],
  ['the one in use is no longer configured: the first one, from the start', using('x', 2), 3, true, 'a'],
]

for (const [title, state, sticky, hasInstalled, expected] of PLANS) {
  test(`planServers: ${title}`, () => {
    const plan = planServers(['a', 'b', 'c'], state, sticky, hasInstalled)
    assert.equal(plan.servers.join(''), expected)
    assert.equal(plan.usual, expected[0])
  })
}

test('nextState: success makes the server the one in use and forgets the failures', () => {
  const failed: FetchState = { ...using('a', 5), failingSince: '2026-01-01T00:00:00Z', alerts: 1 }
  const next = nextState(failed, { servers: ['a', 'b'], usual: 'a' }, { server: 'b', nowMs: at(9) })
  assert.deepEqual(next, using('b', 0))
})

test('nextState: alerts after 10 minutes and after 24 hours of failing, counted from its start', () => {
  let state = using('a', 0)
  const seen: number[] = []
  for (const minutes of [0, 9, 10, 11, 1439, 1440, 9999]) {
    state = nextState(state, { servers: ['a'], usual: 'a' }, { server: null, nowMs: at(minutes) })
    seen.push(state.alerts)
  }
  assert.deepEqual(seen, [0, 0, 1, 1, 1, 2, 2])
  assert.equal(state.failures, 7)
  assert.equal(state.failingSince, '2026-01-01T00:00:00.000Z')
})

test('nextState: a clock that goes back takes no alert back and raises none', () => {
  const state: FetchState = { ...using('a', 5), failingSince: '2026-01-01T00:00:00Z', alerts: 1 }
  assert.equal(nextState(state, { servers: ['a'], usual: 'a' }, { server: null, nowMs: at(-60) }).alerts, 1)
})

test('parseState: what was rendered', () => {
  const installed = { stamp: '1 2 3 4', serial: 4294967295, domains: 2, records: 3 }
  const state: FetchState = { ...using('http://a/', 2), etag: '"x"', lastModified: 'y', failingSince: 'z', installed }
  assert.deepEqual(parseState(renderState(state)), state)
  assert.deepEqual(parseState(renderState(FRESH)), FRESH)
})

const BAD: readonly [string, RegExp][] = [
  ['', /JSON/],
  ['[]', /^Error: it is not an object$/],
  ['{"failures":0}', /'alerts' is not a number/],
  ['{"failures":-1,"alerts":0}', /'failures' is not a number/],
  ['{"failures":0,"alerts":0,"server":1}', /'server' is not a text/],
  ['{"failures":0,"alerts":0,"installed":[]}', /'installed' is not an object/],
  ['{"failures":0,"alerts":0,"installed":{}}', /'stamp' is missing/],
]

for (const [text, expected] of BAD) {
  test(`parseState: ${text}`, () => assert.throws(() => parseState(text), expected))
}
