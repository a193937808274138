import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Probe } from '../../../lib/model/probe.ts'
import type { Target } from '../../../lib/model/target.ts'
import { legacyTableInputOf, tableInputOf } from '../../../lib/origin/candidates.ts'
import type { TableInput } from '../../../lib/origin/table.ts'
import { makeRound } from '../../fixtures/rank/make-round.ts'

/** One domain in the short notation, changed where the test needs more than that can say. */
function oneDomain(
  notation: string,
  target: Partial<Target> = {},
  probe: (probe: Probe) => Partial<Probe> = () => ({}),
) {
  const round = makeRound(notation)
  const [first] = round.targets
  assert.ok(first)
  const probes = round.probes.map(made => ({ ...made, ...probe(made) }))
  return { target: { ...first, ...target }, probes: new Map(probes.map(made => [made.ip, made])) }
}

/** Each candidate as `IP good`, `IP bad` or `IP down`, with `Y` where it is slow. */
function read({ main, backup }: Pick<TableInput, 'main' | 'backup'>): string {
  return [...main, ...backup]
    .map(({ ip, ok, good, slow }) => `${ip} ${good ? 'good' : ok ? 'bad' : 'down'}${slow ? ' Y' : ''}`)
    .join(', ')
}

const judged: readonly (readonly [
  title: string,
  round: ReturnType<typeof oneDomain>,
  legacy: string,
  corrected: string,
])[] = [
  [
    'order, formats 7.6: one that never connected comes first only in the legacy one',
    oneDomain('a. main=1@0.4,2@0.2,3!,4@0.6'),
    '3 down, 2 good, 1 good, 4 bad',
    '2 good, 1 good, 4 bad, 3 down',
  ],
  [
    'equal times stay in the order of the configuration',
    oneDomain('a. main=9@0.2,1@0.2,5@0.2'),
    '9 good, 1 good, 5 good',
    '9 good, 1 good, 5 good',
  ],
  [
    'column 19 = N: as configured',
    oneDomain('a. main=1@0.4,2!,3@0.2 sort=N'),
    '1 good, 2 down, 3 good',
    '1 good, 2 down, 3 good',
  ],
  ['formats 7.4: as fast as the good time is not good', oneDomain('a. main=1@0.5'), '1 bad', '1 bad'],
  ['formats 7.4: a code that is not acceptable', oneDomain('a. main=1@0.1/404 codes=200|30*'), '1 down', '1 down'],
  ['formats 7.4: an acceptable code by its prefix', oneDomain('a. main=1@0.1/302 codes=200|30*'), '1 good', '1 good'],
  ['formats 7.4: later than the time limit', oneDomain('a. main=1@3.1'), '1 down Y', '1 down Y'],
  ['formats 7.4: just in time', oneDomain('a. main=1@3 warn=9'), '1 bad', '1 bad'],
  [
    'without a time limit of its own the domain has that of the prober',
    oneDomain('a. main=1@5', { timeout: null }, () => ({ ok: false, error: 'read-timeout' })),
    '1 down Y',
    '1 down Y',
  ],
  [
    'a body cut short is good enough for the legacy one',
    oneDomain('a. main=1@0.1', {}, () => ({ ok: false, error: 'short-body' })),
    '1 good',
    '1 down',
  ],
  [
    'formats 7.4: without any group every address is down',
    oneDomain('a. main=1@0.1', { codes: [] }, () => ({ ok: false })),
    '1 down',
    '1 down',
  ],
  [
    'formats 7.5: slow, by the warn time alone',
    oneDomain('a. main=1@0.8,2@0.81,3! warn=0.8'),
    '3 down, 1 bad, 2 bad Y',
    '1 bad, 2 bad Y, 3 down',
  ],
  ['an address without a probe is down', oneDomain('a. main=1?,2@0.2'), '1 down, 2 good', '2 good, 1 down'],
]

for (const [title, { target, probes }, legacy, corrected] of judged) {
  test(`candidates: ${title}`, () => {
    assert.equal(read(legacyTableInputOf(target, probes)), legacy)
    assert.equal(read(tableInputOf(target, probes, undefined)), corrected)
  })
}

const resolved = { use_dns: true, dns: ['8'], dns_reuse: 3 }
const published = { ips: ['7', '9'], down: [], cname: null }
const names = ({ main }: TableInput) => main.map(({ ip }) => ip).join(' ')

const dns: readonly (readonly [title: string, target: Partial<Target>, legacy: string, corrected: string])[] = [
  ['not resolved at all', { use_dns: true, dns_failures: null }, '1', '1'],
  ['resolved', { ...resolved, dns_failures: 0 }, '8', '8'],
  ['failures that are tolerated', { ...resolved, dns_failures: 3 }, '8', '8'],
  ['more failures: the published main addresses stay', { ...resolved, dns_failures: 4 }, '', '7'],
  ['the same, with no address left', { ...resolved, dns: [], dns_failures: 4 }, '', '7'],
  ['column 16 = N', { use_dns: false, dns_failures: 9, dns_reuse: 0 }, '1', '1'],
]

for (const [title, target, legacy, corrected] of dns) {
  test(`candidates, formats 3: ${title}`, () => {
    const round = oneDomain('a. main=1@0.1 backup=9@0.2', target)
    assert.equal(names(legacyTableInputOf(round.target, round.probes)), legacy)
    assert.equal(names(tableInputOf(round.target, round.probes, published)), corrected)
  })
}

test('candidates: published addresses that are kept but were not measured are not called down', () => {
  const { target, probes } = oneDomain('a. main=1@0.1 backup=9@0.2', { ...resolved, dns_failures: 4 })
  assert.equal(tableInputOf(target, probes, published).detect, false)
  assert.equal(tableInputOf(target, probes, { ...published, ips: ['1', '7'] }).detect, true)
})

test('candidates: nothing known to be published, the configuration stays in force', () => {
  const { target, probes } = oneDomain('a. main=1@0.1', { use_dns: true, dns_failures: 9, dns_reuse: 1 })
  assert.equal(names(tableInputOf(target, probes, undefined)), '1')
})

const detect: readonly (readonly [title: string, round: ReturnType<typeof oneDomain>, expected: boolean])[] = [
  ['column 3 = Y', oneDomain('a. main=1@0.1'), true],
  ['column 3 = N', oneDomain('a. main=1@0.1', { detect: false }), false],
  ['column 3 = Y, a probe is missing', oneDomain('a. main=1@0.1,2?'), true],
  [
    'no probing now, all measured before: column 3 does not count',
    oneDomain('a. main=1@0.1', { way: 'none', detect: false }, () => ({ source: 'reuse' })),
    true,
  ],
  [
    'no probing now, one never measured',
    oneDomain('a. main=1@0.1,2?', { way: 'none' }, () => ({ source: 'reuse' })),
    false,
  ],
  ['a probe that says it was none', oneDomain('a. main=1@0.1', {}, () => ({ source: 'nodetect' })), false],
]

for (const [title, { target, probes }, expected] of detect) {
  test(`candidates, formats 2.6, measured: ${title}`, () => {
    assert.equal(tableInputOf(target, probes, undefined).detect, expected)
    assert.equal(legacyTableInputOf(target, probes).detect, expected)
  })
}
