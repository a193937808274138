import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Probe } from '../../../lib/model/probe.ts'
import type { PublishedZone, RankInput } from '../../../lib/origin/rank-round.ts'
import { rankStateless } from '../../../lib/origin/rank-stateless.ts'
import { makeRound } from '../../fixtures/rank/make-round.ts'

const NOW = Date.UTC(2026, 10, 22, 3, 0, 5) / 1000

function inputOf(notation: string, rest: Partial<RankInput> = {}): RankInput {
  const { targets, probes, round } = makeRound(notation)
  const byDomain = new Map<string, Map<string, Probe>>()
  for (const probe of probes) {
    const ofDomain = byDomain.get(probe.domain) ?? new Map<string, Probe>()
    byDomain.set(probe.domain, ofDomain.set(probe.ip, probe))
  }
  return { targets, probes: byDomain, round, installed: null, peer: null, ...rest }
}

const rank = (input: RankInput, compat = false) =>
  rankStateless(input, null, { compat, score: { rule: 'median' } }, NOW)

const installed = (entries: Readonly<Record<string, string>>): PublishedZone =>
  new Map(Object.entries(entries).map(([name, ips]) => [name, { ips: ips.split(' '), down: [], cname: null }]))

test('rankStateless: a ranking a target, in the order of the configuration', () => {
  const { rankings, alerts } = rank(inputOf('b. main=1@0.1\na. main=2@0.1\nc. main=3@0.1'))
  assert.deepEqual(
    rankings.map(({ domain }) => domain),
    ['b.', 'a.', 'c.'],
  )
  assert.deepEqual(alerts, [])
})

test('rankStateless: the legacy table only with compat, and then without a score', () => {
  const input = inputOf('a. backup=1@0.1,2!')
  const active = (compat: boolean) => rank(input, compat).rankings[0]?.addresses.map(address => address.active)
  assert.deepEqual(active(false), [true, false])
  assert.deepEqual(active(true), [true, true])
  assert.equal(rank(input).rankings[0]?.addresses[0]?.score, 0.1)
  assert.ok(!('score' in (rank(input, true).rankings[0]?.addresses[0] ?? {})))
})

test('rankStateless: the published set of the name, whatever its case, tells the cause', () => {
  const input = inputOf('A.example. main=1!,2@0.1\nb.example. main=3@0.1', {
    installed: installed({ 'a.example.': '1', 'b.example.': '3' }),
  })
  const { rankings, round } = rank(input)
  assert.deepEqual(
    rankings.map(({ cause, changed }) => [cause, changed]),
    [
      ['failure', true],
      ['same', false],
    ],
  )
  assert.deepEqual([round.up_before, round.newly_down], [2, 1])
})

test('closingRound: counts distinct units, and addresses published although down are no failure', () => {
  const input = inputOf('a. main=1!,2!\nb. main=3@0.1', {
    installed: new Map([
      ['a.', { ips: ['1', '2'], down: ['1', '2'], cname: null }],
      ['b.', { ips: ['3'], down: [], cname: null }],
    ]),
  })
  const { round } = rank(input)
  assert.deepEqual([round.up_before, round.newly_down], [1, 0])
})

test('closingRound: carries the numbers of probe-ips and what it does not know', () => {
  const input = inputOf('a. main=1@0.1')
  assert.ok(input.round)
  const round = { ...input.round, units: 7, blind: true, blind_reason: 'the gateway does not answer', site: 'bj' }
  const closing = rank({ ...input, round }).round
  assert.deepEqual({ ...closing, site: 'bj' }, { ...round, by: 'rank-ips', time: '2026-11-22T03:00:05.000Z' })
  assert.equal('site' in closing, true)
})

test('closingRound: without that of probe-ips it counts what it saw, and nothing may come of it', () => {
  const { round } = rank(inputOf('a. main=1@0.1,2!\nb. main=1@0.1', { round: null }))
  assert.deepEqual([round.domains, round.units, round.ok, round.bytes, round.blind], [2, 3, 2, 4096, true])
})

test('rankStateless: a round that passes a domain over keeps what is published (formats 2.6)', () => {
  const input = inputOf('a. main=1?,2? backup=3? n=1\nb. main=4?', {
    installed: installed({ 'a.': '3', 'b.': '9' }),
  })
  const targets = input.targets.map(target => ({ ...target, way: 'none' as const }))
  const [a, b] = rank({ ...input, targets }).rankings
  assert.deepEqual(
    a?.addresses.map(({ ip, active, status }) => [ip, active, status]),
    [
      ['1', false, 'no_detect'],
      ['2', false, 'no_detect'],
      ['3', true, 'no_detect'],
    ],
  )
  assert.deepEqual([a?.case, a?.cause, a?.reason], ['B', 'same', 'not measured in this round; what is published stays'])
  assert.deepEqual([b?.case, b?.cause, b?.addresses[0]?.active], ['B', 'edited', true])
})
