import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ranking } from '../../../lib/model/ranking.ts'
import type { Round } from '../../../lib/model/round.ts'
import { type Built, clip, findChanges, keepClipped } from '../../../lib/origin/zone-changes.ts'
import { judge, renderNames } from '../../../lib/origin/zone-guard.ts'
import { blocksOf, closing, ranking, rankings } from './rankings.ts'

const builtOf = (list: readonly Ranking[], generated: readonly string[] = []): Built => {
  return { rankings: list, blocks: blocksOf(list), generated: new Set(generated) }
}

function rulesOf(before: readonly Ranking[] | null, now: readonly Ranking[], round: Round | null): string[] {
  const built = builtOf(now)
  const installed = before === null ? null : { blocks: blocksOf(before) }
  const changes = installed === null ? [] : clip(findChanges(installed, built), now.length)
  return judge({ installed, built, changes, round }).map(({ rule }) => rule)
}

const failing = (count: number, of: number) => [
  ...rankings(count, 'x192.0.2.% +198.51.100.1', { cause: 'failure' }),
  ...rankings(of - count, '+192.0.2.% -198.51.100.1', {}, count + 1),
]
const all = (count: number) => rankings(count, '+192.0.2.% -198.51.100.1')
const units = (newly_down: number, up_before: number, more: Partial<Round> = {}) =>
  closing(10, { newly_down, up_before, ...more })

for (const [title, before, now, round, expected] of [
  ['a first file', null, all(3), closing(3), []],
  ['a first file of a cut input', null, all(3), null, []],
  ['nothing at all', null, [], null, ['none']],
  ['nothing left', all(3), [], closing(0), ['none']],
  ['only comments left', all(1), [ranking('d1.com.', 'x192.0.2.1', { silent: true })], closing(1), ['none']],
  ['no round record', all(3), all(3), null, ['cut-short']],
  ['a ranking lost on the way', all(3), all(2), closing(3), ['cut-short']],

  ['3 of 3 removed and another left: not more than 3', all(4), all(1), closing(1), []],
  ['4 of 10 removed', all(10), all(6), closing(6), ['removed']],
  ['5 of 100 removed: just 5 %', all(100), all(95), closing(95), []],
  ['6 of 100 removed', all(100), all(94), closing(94), ['removed']],
  ['the case of a name is no removal', [ranking('D1.com', '+192.0.2.1')], all(1), closing(1), []],

  [
    '3 of 10 edited: just 30 %',
    all(10),
    [...rankings(3, '+192.0.2.99', { cause: 'edited' }), ...all(10).slice(3)],
    closing(10),
    [],
  ],
  [
    '4 of 10 edited',
    all(10),
    [...rankings(4, '+192.0.2.99', { cause: 'edited' }), ...all(10).slice(4)],
    closing(10),
    ['edited'],
  ],
  ['9 of 9 edited: fewer than 10 domains', all(9), rankings(9, '+192.0.2.99', { cause: 'edited' }), closing(9), []],
  ['4 of 10 without a cause', all(10), [...rankings(4, '+192.0.2.99'), ...all(10).slice(4)], closing(10), ['edited']],
  ['4 added to 10', all(10), all(14), closing(14), ['edited']],
  [
    'edited and removed at once',
    all(20),
    rankings(10, '+192.0.2.99', { cause: 'edited' }),
    closing(10),
    ['removed', 'edited'],
  ],

  ['3 of 10 units down: just 30 %', all(10), failing(3, 10), units(3, 10), []],
  ['4 of 10 units down', all(10), failing(4, 10), units(4, 10), ['failure']],
  ['4 of 10 units down, confirmed', all(10), failing(4, 10), units(4, 10, { confirmed: true, mass_rounds: 3 }), []],
  ['6 of 10 units down', all(10), failing(6, 10), units(6, 10), ['failure']],
  ['6 of 10 units down, confirmed', all(10), failing(6, 10), units(6, 10, { confirmed: true, mass_rounds: 3 }), []],
  [
    'half of the units down, but one address',
    rankings(10, '+192.0.2.1 -198.51.100.1'),
    rankings(10, 'x192.0.2.1 +198.51.100.1', { cause: 'failure' }),
    units(10, 20),
    [],
  ],
  [
    'one published address, and rank-ips sees a mass failure',
    rankings(10, '+192.0.2.1 -198.51.100.1'),
    rankings(10, 'x192.0.2.1 +198.51.100.1', { cause: 'failure' }),
    units(10, 20, { mass_rounds: 1 }),
    ['failure'],
  ],
  ['units down, and nothing measured changes', all(10), all(10), units(9, 10), []],
  ['rank-ips does not count: by address, 2 of 10', all(10), failing(2, 10), closing(10), []],
  ['rank-ips does not count: by address, 4 of 10', all(10), failing(4, 10), closing(10), ['failure']],
  [
    'recovery of half',
    failing(5, 10),
    rankings(10, '+192.0.2.% -198.51.100.1', { cause: 'recovery' }),
    units(0, 10),
    [],
  ],

  [
    '2 of 10 newly on the last resort: just 20 %',
    all(10),
    [...rankings(2, '!192.0.2.% !198.51.100.1', { cause: 'failure' }), ...all(10).slice(2)],
    units(2, 10),
    [],
  ],
  [
    '3 of 10 newly on the last resort',
    all(10),
    [...rankings(3, '!192.0.2.% !198.51.100.1', { cause: 'failure' }), ...all(10).slice(3)],
    units(3, 10),
    ['last-resort'],
  ],
  [
    '3 of 10 on the last resort, confirmed',
    all(10),
    [...rankings(3, '!192.0.2.% !198.51.100.1', { cause: 'failure' }), ...all(10).slice(3)],
    units(3, 10, { confirmed: true }),
    [],
  ],
  [
    '3 of 10 were there before',
    [...rankings(3, '!192.0.2.%'), ...all(10).slice(3)],
    [...rankings(3, '!192.0.2.% !198.51.100.1', { cause: 'failure' }), ...all(10).slice(3)],
    units(0, 10),
    [],
  ],
] as const) {
  test(`guard (damping 8.3): ${title}`, () => assert.deepEqual(rulesOf(before, now, round), expected))
}

for (const [title, before, now, expected] of [
  ['the cause rank-ips gave', '+1.0.0.1', { words: '+1.0.0.2', cause: 'recovery' }, 'recovery'],
  ['held, and yet different', '+1.0.0.1', { words: '+1.0.0.2', cause: 'held' }, 'unexplained'],
  [
    'not told what is installed: an address is down',
    '+1.0.0.1',
    { words: 'x1.0.0.1 +1.0.0.2', cause: 'first' },
    'failure',
  ],
  ['not told what is installed: a faster one', '+1.0.0.1', { words: '+1.0.0.2 -1.0.0.1', cause: 'first' }, 'voluntary'],
  ['not told what is installed: an address left', '+1.0.0.1', { words: '+1.0.0.2', cause: 'first' }, 'edited'],
  ['not installed', null, { words: '+1.0.0.2', cause: 'first' }, 'added'],
  ['no ranking', '+1.0.0.1', null, 'removed'],
  ['the same', '+1.0.0.1', { words: '+1.0.0.1 -1.0.0.2', cause: 'first' }, undefined],
] as const) {
  test(`the cause of a change: ${title}`, () => {
    const installed = { blocks: blocksOf(before === null ? [] : [ranking('a.com.', before)]) }
    const built = builtOf(now === null ? [] : [ranking('a.com.', now.words, { cause: now.cause })])
    assert.equal(findChanges(installed, built)[0]?.cause, expected)
  })
}

test('the cause of a change: what --wildcards adds is none of the operator', () => {
  const blocks = blocksOf([ranking('*.a.com.', '@wild')])
  const built = { rankings: [], blocks, generated: new Set(['*.a.com.']) }
  assert.equal(findChanges({ blocks: [] }, built)[0]?.cause, 'wildcard')
})

for (const [title, domains, count, expected] of [
  ['10 % of 20', 20, 4, ['d4.com.', 'd3.com.']],
  ['10 % of 29, rounded down', 29, 4, ['d4.com.', 'd3.com.']],
  ['at least one', 3, 3, ['d3.com.']],
  ['fewer than the limit', 100, 2, ['d2.com.', 'd1.com.']],
] as const) {
  test(`voluntary changes are clipped, the largest gain first: ${title}`, () => {
    const voluntary = Array.from({ length: count }, (_, i) => ({
      owner: `d${i + 1}.com.`,
      cause: 'voluntary' as const,
      gain: i,
      clipped: false,
    }))
    const failure = { owner: 'x.com.', cause: 'failure' as const, gain: 0, clipped: false }
    const kept = clip([...voluntary, failure], domains)
      .filter(({ clipped }) => !clipped)
      .map(({ owner }) => owner)
    assert.deepEqual(kept.sort(), [...expected, 'x.com.'].sort())
  })
}

test('a clipped domain keeps its installed lines', () => {
  const blocks = blocksOf([ranking('A.com.', '+1.0.0.2'), ranking('b.com.', '+1.0.0.2')])
  const installed = blocksOf([ranking('a.com.', '+1.0.0.1'), ranking('b.com.', '+1.0.0.1')])
  const changes = [{ owner: 'A.com.', cause: 'voluntary', gain: 1, clipped: true }] as const
  assert.deepEqual(keepClipped(blocks, { blocks: installed }, changes), [installed[0], blocks[1]])
})

test('a message has the first 20 names', () => {
  assert.equal(renderNames(['a.', 'b.']), 'a. b.')
  assert.match(renderNames(Array.from({ length: 25 }, (_, i) => `d${i}.`)), / d19\. and 5 more$/)
})
