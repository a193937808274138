import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Probe } from '../../../lib/model/probe.ts'
import type { RankInput } from '../../../lib/origin/rank-round.ts'
import { rankStateless } from '../../../lib/origin/rank-stateless.ts'
import { type Explanation, explain, overview } from '../../../lib/origin/why.ts'
import { makeRound } from '../../fixtures/rank/make-round.ts'

function explainFirst(notation: string, change: Partial<Probe> = {}): Explanation {
  const { targets, probes, round } = makeRound(notation)
  const byIp = new Map(probes.map(probe => [probe.ip, { ...probe, ...change }]))
  const domain = targets[0]?.domain ?? ''
  const input: RankInput = { targets, probes: new Map([[domain, byIp]]), round, installed: null, peer: null }
  const { rankings } = rankStateless(input, null, { compat: false, score: { rule: 'last' } }, 0)
  const explanation = explain(domain, input, rankings)
  assert.ok(explanation)
  return explanation
}

const ways: readonly (readonly [notation: string, expected: string])[] = [
  ['a. word=no', 'an address in column 13 or column 10 of the configuration'],
  ['a. backup=1@0.1', 'an address in column 13, or a backup address that begins or ceases to answer'],
  ['a. main=1 detect=N', 'column 3 = Y, which measures it'],
  ['a. main=1@0.1', 'a published address that fails or is not below 0.500 s any more'],
  [
    'a. main=1@0.1,2@0.2',
    '2 (now 0.200 s) getting ahead of 1 (now 0.100 s), or a published address that fails or is not below 0.500 s any more',
  ],
  [
    'a. main=1@0.1,2!',
    'another main address that answers below 0.500 s, or a published address that fails or is not below 0.500 s any more',
  ],
  ['a. main=1! word=yes', 'a main address that answers below 0.500 s'],
  ['a. main=1@0.6', 'a main address that answers below 0.500 s'],
  ['a. main=1!', 'a main address that answers'],
  ['a. main=1! word=wild', 'a main address that answers below 0.500 s'],
  ['a. main=1! backup=2@0.1', 'a main address that answers below 0.500 s, or a published backup address that fails'],
  ['a. main=1@0.6 backup=2!', 'a main or backup address that answers below 0.500 s, or the published one failing'],
  ['a. main=1! backup=2!', 'a main address that answers, or a backup address that begins or ceases to answer'],
  ['a. main=1! backup=2@0.6', 'a main address that answers, or a backup address that begins or ceases to answer'],
]

for (const [notation, expected] of ways) {
  test(`explain: what would change ${notation}`, () =>
    assert.deepEqual(explainFirst(notation).tail, [`what would change it: ${expected}`]))
}

const judgements: readonly (readonly [notation: string, change: Partial<Probe>, why: string])[] = [
  ['a. main=1@0.1', {}, 'below 0.500 s'],
  ['a. main=1@0.6', {}, 'answers, but not below 0.500 s'],
  ['a. main=1@0.1/404', {}, 'the answer 404 is none of 200'],
  ['a. main=1!', {}, 'connect-refused'],
  ['a. main=1!', { detail: 'connection refused' }, 'connect-refused: connection refused'],
  ['a. main=1?', {}, 'no measurement in this round'],
  ['a. main=1 detect=N', {}, 'not measured'],
  ['a. main=1! word=no', { ok: true, error: 'reset', total: 0.1 }, 'reset; not down yet'],
  ['a. main=1!', { error: null }, 'answers, but still counts as down'],
  ['a. main=1@0.1', { source: 'reuse' }, 'below 0.500 s; measured in an earlier round'],
]

for (const [notation, change, why] of judgements) {
  test(`explain: ${notation} ${JSON.stringify(change)} is '${why}'`, () =>
    assert.equal(explainFirst(notation, change).tables[0]?.rows[0]?.at(-1), why))
}

test('explain: a domain that is not there', () => {
  const { targets, round } = makeRound('a. main=1')
  assert.equal(explain('b', { targets, probes: new Map(), round, installed: null, peer: null }, []), null)
})

test('overview: nothing, a CNAME, addresses', () => {
  const { targets, probes, round } = makeRound('a. word=yes\nb. word=wild\nc. main=1@0.2,2@0.1 n=2')
  const byDomain = new Map([['c.', new Map(probes.map(probe => [probe.ip, probe]))]])
  const input: RankInput = { targets, probes: byDomain, round, installed: null, peer: null }
  const { rankings } = rankStateless(input, null, { compat: false, score: { rule: 'last' } }, 0)
  assert.deepEqual(
    overview(rankings).tables[0]?.rows.map(row => row[2]),
    ['nothing', 'CNAME wild', '2 1'],
  )
})
