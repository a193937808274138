import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ranking } from '../../../lib/model/ranking.ts'
import type { Round } from '../../../lib/model/round.ts'
import { renderDifference } from '../../../lib/origin/zone-difference.ts'
import { type PlanOptions, planZone } from '../../../lib/origin/zone-plan.ts'
import { blocksOf, closing, ranking, rankings } from './rankings.ts'

const OPTIONS: PlanOptions = { compat: false, force: false, wildcards: false, comments: false, serial: undefined }

function plan(
  before: readonly Ranking[] | null,
  now: readonly Ranking[],
  options: Partial<PlanOptions> = {},
  round: Partial<Round> = {},
) {
  const zone = before === null ? null : { serial: 100, blocks: blocksOf(before), end: null, faults: [] }
  const installed = zone === null ? null : { zone, seal: undefined }
  return planZone(
    { rankings: now, round: closing(now.length, round), installed, now: 200.5 },
    { ...OPTIONS, ...options },
  )
}

const old = rankings(10, '+192.0.2.1 -192.0.2.2')
const edited = [...rankings(2, '+192.0.2.3', { cause: 'edited' }), ...old.slice(2)]
const mixed = [
  ...rankings(1, 'x192.0.2.1 +192.0.2.2', { cause: 'failure' }),
  ...rankings(2, '-192.0.2.1 +192.0.2.2', { cause: 'voluntary', gain: 1 }, 2),
  ...old.slice(3),
]

for (const [title, result, expected] of [
  ['a first file', plan(null, old), ['write', 200, 'first']],
  ['the same answers', plan(old, rankings(10, '-192.0.2.2 +192.0.2.1')), ['keep', 100, null]],
  ['the same answers, --comments', plan(old, old, { comments: true }), ['comments', 100, null]],
  ['the same answers, now down', plan(old, rankings(10, '!192.0.2.1 -192.0.2.2')), ['comments', 100, null]],
  ['the same answers, up again', plan(rankings(10, '!192.0.2.1 -192.0.2.2'), old), ['comments', 100, null]],
  ['the same answers, still down', plan(rankings(10, '!192.0.2.1'), rankings(10, '!192.0.2.1')), ['keep', 100, null]],
  ['edited', plan(old, edited), ['write', 200, 'edited']],
  ['edited, with a serial', plan(old, edited, { serial: 101 }), ['write', 101, 'edited']],
  ['blind', plan(old, edited, {}, { blind: true }), ['keep', 100, null]],
  ['blind, --force', plan(old, edited, { force: true }, { blind: true }), ['write', 200, 'forced']],
  ['--force without need', plan(old, edited, { force: true }), ['write', 200, 'edited']],
  [
    '--force with need',
    plan(old, rankings(10, '+192.0.2.3', { cause: 'edited' }), { force: true }),
    ['write', 200, 'forced'],
  ],
  ['a failure and a voluntary change: one each, the failure counts', plan(old, mixed), ['write', 200, 'failure']],
  ['--force clips nothing', plan(old, mixed, { force: true }), ['write', 200, 'voluntary']],
  ['version 3.3 writes always', plan(old, old, { compat: true }), ['write', 200, null]],
] as const) {
  test(`plan: ${title}`, () => assert.deepEqual([result.action, result.serial, result.reason], expected))
}

const sealed = (before: readonly Ranking[], mass: number | null) => ({
  zone: {
    serial: 100,
    blocks: blocksOf(before),
    end: { domains: 0, active: 0, reason: 'edited', mass, sha256: '' },
    faults: [],
  },
  seal: undefined,
})
const large = rankings(100, '+192.0.2.1 -192.0.2.2')
const failed = (count: number) => [
  ...rankings(count, 'x192.0.2.1 +192.0.2.2', { cause: 'failure' }),
  ...large.slice(count),
]

/** title, mass of the installed file, the rankings, options, the mass that is written */
const MASSES: readonly [string, number | null, readonly Ranking[], Partial<PlanOptions>, number | null][] = [
  ['30 of 100 fail', null, failed(30), {}, null],
  ['31 of 100 fail', null, failed(31), {}, 200],
  ['31 of 100 fail, with a serial', 50, failed(31), { serial: 150 }, 150],
  ['a small change carries it on', 50, failed(1), {}, 50],
  ['no change carries it on', 50, large, { comments: true }, 50],
  ['5 of 100 removed', 50, large.slice(5), {}, 50],
  ['6 of 100 removed, forced', 50, large.slice(6), { force: true }, 200],
  ['version 3.3 has no end marker', 50, failed(31), { compat: true }, null],
]

for (const [title, mass, now, options, expected] of MASSES) {
  test(`plan: the last mass change: ${title}`, () => {
    const round = closing(now.length, { confirmed: true })
    const input = { rankings: now, round, installed: sealed(large, mass), now: 200.5 }
    assert.equal(planZone(input, { ...OPTIONS, ...options }).mass, expected)
  })
}

test('plan: a first file is a mass change', () => assert.equal(plan(null, old).mass, 200))

test('plan: serial refusals and overrides', () => {
  assert.deepEqual(
    plan(old, edited, { serial: 100 }).refusals.map(({ rule }) => rule),
    ['serial'],
  )
  const forced = plan(old, edited, { serial: 100, force: true })
  assert.deepEqual(
    [forced.refusals, forced.warnings],
    [[], ['--force: serial 100 is not newer than the installed 100']],
  )
  assert.deepEqual(plan(old, old, { serial: 100 }).refusals, [])
  assert.deepEqual(
    plan(old, [], { force: true }).refusals.map(({ rule }) => rule),
    ['none'],
  )
})

test('plan: a fault of the zone is told although nothing would change', () => {
  const bad = [ranking('*.com.', '@wild')]
  assert.deepEqual(
    plan(bad, bad).faults.map(({ owner }) => owner),
    ['wild.'],
  )
  assert.deepEqual(plan(bad, bad, {}, { blind: true }).faults, [])
})

test('the difference names what goes, what comes, what is put off', () => {
  const result = plan(old, mixed)
  assert.equal(
    renderDifference(result, { serial: 100, blocks: blocksOf(old) }, mixed),
    `d1.com. (failure): as tested
  - 192.0.2.1       0.200000 ip ip_work 200
  + 192.0.2.2       0.200000 ip ip_work 200
d2.com. (voluntary): as tested
  - 192.0.2.1       0.200000 ip ip_work 200
  + 192.0.2.2       0.200000 ip ip_work 200
d3.com. (voluntary, put off to a later round): as tested
10 domains, 10 active records: 1 failure, 1 voluntary, 1 put off, serial 100 -> 200`,
  )
})
