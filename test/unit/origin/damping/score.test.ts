import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Result } from '../../../../lib/model/damping-state.ts'
import { newUnit } from '../../../../lib/origin/damping/health.ts'
import { isGood, scoreOf } from '../../../../lib/origin/damping/score.ts'
import { toRankOptions } from '../../../../lib/origin/rank-options.ts'

const of = (results: readonly Result[], ewma: number | null = null) => {
  return { ...newUnit('u', '192.0.2.1', true, 0), results: [...results], ewma }
}

for (const [results, rule, expected] of [
  [[], 'median', null],
  [[0.1], 'median', 0.1],
  [[0.1, 0.3], 'median', 0.3],
  [[0.1, null], 'median', 3],
  [[0.3, 0.1, 0.2], 'median', 0.2],
  [[0.3, 0.1, 0.2, null], 'median', 0.25],
  [[0.1, 0.1, 0.2, null, null], 'median', 0.2],
  [[0.1, 0.1, null, null, null], 'median', 3],
  [[0.3, true, 0.1, 0.2], 'median', 0.2],
  [[true], 'median', null],
  [[0.1, 0.2, 0.9], 'last', 0.9],
  [[0.1, 0.2, null], 'last', 3],
] as const) {
  test(`damping 8.2, score: ${rule} of ${JSON.stringify(results)} is ${expected}`, () => {
    const score = scoreOf(of(results), { rule }, 3)
    assert.ok(score === expected || Math.abs((score ?? 0) - (expected ?? 0)) < 1e-12, String(score))
  })
}

test('damping 8.2, score: the moving average is that of the state', () => {
  assert.equal(scoreOf(of([0.1, 0.2], 0.15), { rule: 'ewma', alpha: 0.3 }, 3), 0.15)
  assert.equal(scoreOf(of([0.1, 0.2]), { rule: 'ewma', alpha: 0.3 }, 3), 0.2)
})

for (const [score, was, good] of [
  [0.499, false, true],
  [0.5, false, false],
  [0.55, false, false],
  [0.55, true, true],
  [0.6, true, true],
  [0.601, true, false],
  [null, true, true],
  [null, false, false],
] as const) {
  test(`damping 8.2, class: ${score} s, good time 0.5 s, ${was ? '' : 'not '}good before: ${good ? 'good' : 'bad'}`, () => {
    assert.equal(isGood(score, 0.5, was), good)
  })
}

test('damping 8.2, class: a good time of 0 makes nothing good', () => {
  assert.equal(isGood(0, 0, true), false)
})

test('rank options: each rule of --score, and what does not fit', () => {
  const words = { compat: undefined, score: undefined, site: undefined }
  const files = { installed: undefined, peer: undefined, state: 's' }
  assert.deepEqual(toRankOptions(words, files, 'host'), {
    compat: false,
    score: { rule: 'median' },
    site: 'host',
    timeout: 3,
  })
  for (const [score, rule] of [
    ['median', { rule: 'median' }],
    ['last', { rule: 'last' }],
    ['ewma:0.3', { rule: 'ewma', alpha: 0.3 }],
    ['ewma:.25', { rule: 'ewma', alpha: 0.25 }],
    ['ewma:1', { rule: 'ewma', alpha: 1 }],
  ] as const) {
    assert.deepEqual(toRankOptions({ ...words, score, site: 'x' }, files, 'host').score, rule)
  }
  assert.throws(() => toRankOptions({ ...words, compat: '3.3' }, files, 'h'), /--compat and --state exclude each other/)
})
