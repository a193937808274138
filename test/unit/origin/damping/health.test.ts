import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Result } from '../../../../lib/model/damping-state.ts'
import type { Probe } from '../../../../lib/model/probe.ts'
import {
  failbackLeft,
  isEvidence,
  newUnit,
  type Observing,
  observationOf,
  observe,
} from '../../../../lib/origin/damping/health.ts'
import { probeOf } from './replay-world.ts'

const unit = (published = true) => newUnit('u', '192.0.2.1', published, 0)
const HOW: Observing = { now: 60, believed: false, weight: null }

/** Rounds as words: `o` a success, `x` a failure, `xo` a failure with a repeat that succeeded. */
function after(rounds: string, published = true, how = HOW) {
  let state = unit(published)
  for (const [i, round] of rounds.split(' ').entries()) {
    const results: Result[] = [...round].map(letter => (letter === 'o' ? 0.1 : null))
    const observation = { unit: 'u', ip: '192.0.2.1', ok: round.endsWith('o'), results, timeout: 3 }
    state = observe(state, observation, { ...how, now: how.now + i * 60 })
  }
  return state
}

for (const [rounds, published, up] of [
  ['o', false, true],
  ['x', false, false],
  ['x o', false, false],
  ['x o o', false, true],
  ['o x', false, true],
  ['o x x', false, true],
  ['o x x x', false, false],
  ['o xxx', true, false],
  ['xx', true, true],
  ['o x o x o x', true, false],
  ['o x o o x o o x', true, true],
  ['xo xo', true, true],
  ['xo xo xo', true, false],
  ['o xxo o o', true, true],
  ['o xxx o', true, false],
  ['o xxx o x o', true, false],
  ['o xxx o o', true, true],
] as const) {
  test(`damping 8.2, health: after '${rounds}'${published ? ' when published' : ''} it is ${up ? 'up' : 'down'}`, () => {
    assert.equal(after(rounds, published).up, up)
  })
}

test('damping 8.2, health: five results are kept, the state says since when, and failures of an hour', () => {
  const state = after('o o o o o o xxx')
  assert.deepEqual(state.results, [0.1, 0.1, null, null, null])
  assert.deepEqual([state.since, state.downs, state.streak], [420, [420], -3])
  const later = observe(state, { ok: true, results: [0.1], timeout: 3 }, { ...HOW, now: 420 + 3600 })
  assert.deepEqual(later.downs, [])
})

test('damping 8.2, blindness: a failure that is believed takes a unit down at once', () => {
  assert.equal(after('o o x', true, { ...HOW, believed: true }).up, false)
  assert.equal(after('o o', true, { ...HOW, believed: true }).up, true)
})

test('damping 8.2, score: the moving average counts a failure as the timeout', () => {
  const { ewma } = after('o x', true, { ...HOW, weight: 0.3 })
  assert.ok(Math.abs((ewma ?? 0) - (0.3 * 3 + 0.7 * 0.1)) < 1e-9)
})

for (const [title, fields, expected] of [
  ['a success', { total: 0.2 }, [0.2]],
  ['a failure', { ok: false }, [null]],
  ['a failure with two repeats', { ok: false, repeats: 2 }, [null, null, null]],
  ['a success after a repeat', { total: 0.2, repeats: 1 }, [null, 0.2]],
  ['a time that is not to be trusted', { suspect: true }, [true]],
  ['a failure of this host', { ok: false, error: 'local' }, null],
  ['an earlier measurement', { source: 'reuse' }, null],
  ['no measurement', { source: 'nodetect' }, null],
] as const satisfies readonly (readonly [string, Partial<Probe>, readonly Result[] | null])[]) {
  test(`damping 8.1, results of a round: ${title}`, () => {
    const probe = probeOf(fields)
    assert.deepEqual(isEvidence(probe) ? observationOf(probe, 3).results : null, expected)
  })
}

for (const [failures, minutes] of [
  [0, 0],
  [1, 1],
  [2, 2],
  [3, 4],
  [4, 8],
  [5, 16],
  [6, 30],
  [9, 30],
] as const) {
  test(`damping 8.2, failback: ${failures} failures within the hour keep it away for ${minutes} min`, () => {
    const state = { ...unit(), downs: Array.from({ length: failures }, (_, i) => 3000 + i), since: 3600 }
    assert.equal(failbackLeft(state, 3600), minutes * 60)
    assert.equal(failbackLeft(state, 3600 + minutes * 60), 0)
    assert.equal(failbackLeft({ ...state, up: false }, 3600), 0)
  })
}
