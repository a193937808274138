import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PublishedSet } from '../../../lib/origin/rank-round.ts'
import { changeOf } from '../../../lib/origin/set-change.ts'
import type { Decision, TableInput } from '../../../lib/origin/table.ts'
import { decide } from '../../../lib/origin/table-default.ts'
import { inputOf } from './candidate-notation.ts'

const set = (ips: string, rest: Partial<PublishedSet> = {}): PublishedSet => {
  return { ips: ips.split(' ').filter(ip => ip !== ''), down: [], cname: null, ...rest }
}

const rows: readonly (readonly [
  title: string,
  before: PublishedSet | undefined | null,
  now: TableInput,
  cause: string,
])[] = [
  ['no zone file is known', null, inputOf('g', ''), 'first'],
  ['not in the zone file', undefined, inputOf('g', ''), 'first'],
  ['nothing published, nothing to publish', undefined, inputOf('', '', { backupWord: 'no' }), 'same'],
  ['the same set', set('M1'), inputOf('gg', ''), 'same'],
  ['the same set in another order', set('M2 M1'), inputOf('gg', '', { publish: 2 }), 'same'],
  ['the same CNAME', set('', { cname: 'wild' }), inputOf('', '', { backupWord: 'wild' }), 'same'],
  ['another CNAME', set('', { cname: 'else' }), inputOf('', '', { backupWord: 'wild' }), 'edited'],
  ['an address that is configured no more', set('X1'), inputOf('gg', ''), 'edited'],
  ['not measured any more', set('M2'), inputOf('gg', '', { detect: false }), 'edited'],
  ['fewer to publish', set('M1 M2'), inputOf('gg', ''), 'edited'],
  ['a faster one', set('M2'), inputOf('gg', ''), 'voluntary'],
  ['one that is not good any more', set('M1'), inputOf('bg', ''), 'voluntary'],
  ['one that is down', set('M1'), inputOf('dg', ''), 'failure'],
  ['no main address is good any more', set('M1'), inputOf('b', 'g'), 'failure'],
  ['a CNAME instead', set('M1'), inputOf('b', '', { backupWord: 'wild' }), 'failure'],
  ['all down: all are published', set('M1'), inputOf('dd', ''), 'failure'],
  ['back from a backup', set('B1'), inputOf('g', 'g'), 'recovery'],
  ['back from a CNAME', set('', { cname: 'wild' }), inputOf('g', '', { backupWord: 'wild' }), 'recovery'],
  ['back from all that were down', set('M1 M2', { down: ['M1', 'M2'] }), inputOf('gd', ''), 'recovery'],
  ['one more that is good', set('M1'), inputOf('gg', '', { publish: 2 }), 'recovery'],
]

for (const [title, before, input, cause] of rows) {
  test(`changeOf: ${title}`, () => {
    const change = changeOf(before, decide(input))
    assert.equal(change.cause, cause)
    assert.equal(change.changed, cause !== 'same')
    if (cause !== 'voluntary') assert.equal(change.gain, 0)
  })
}

test('changeOf: the gain is the difference of the mean scores', () => {
  const decision = decide(inputOf('ggg', '', { publish: 2 }))
  const scores = [0.1, 0.2, 0.4]
  const scored: Decision = {
    ...decision,
    addresses: decision.addresses.map((address, i) => ({ ...address, score: scores[i] ?? null })),
  }
  assert.equal(changeOf(set('M1 M3'), scored).gain, 0.2)
  assert.equal(changeOf(set('M3'), scored).gain, 0.25)
})
