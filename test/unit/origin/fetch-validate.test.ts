import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnyhostZone, ZoneBlock } from '../../../lib/model/anyhost.ts'
import { judgeOffer, type Verdict } from '../../../lib/origin/fetch-validate.ts'

const block = (owner: string, ...addresses: string[]): ZoneBlock => ({
  owner,
  lines: addresses.map(address => ({ rr: 'A', active: true, address, measure: null })),
})

/** wild. and `count` domains, the first `moved` of them elsewhere. */
function zone(serial: number, count: number, moved = 0, reason?: string, mass: number | null = null): AnyhostZone {
  const hosts = Array.from({ length: count }, (_, i) => block(`h${i}.example.`, i < moved ? '192.0.2.2' : '192.0.2.1'))
  const end = reason === undefined ? null : { domains: count + 1, active: count + 1, reason, mass, sha256: '' }
  return { serial, blocks: [block('wild.', '192.0.2.9'), ...hosts], end }
}

const blocks = (...blocks: ZoneBlock[]): AnyhostZone => ({ serial: 2, blocks, end: null })
const small = zone(1, 2)
const large = zone(1, 99)

/** title, offered, installed, the verdict or the reason against it; formats 14 */
const rows: readonly [string, AnyhostZone, AnyhostZone | null, Verdict | RegExp, { force?: true; standIn?: true }?][] =
  [
    ['the first file', zone(2, 1), null, 'new'],
    ['the same answers with an older serial', zone(0, 2), small, 'same'],
    ['another order', { ...small, blocks: small.blocks.toReversed() }, small, 'same'],
    ['another address', zone(2, 2, 1), small, 'new'],
    [
      'no wild.',
      blocks(block('a.example.', '192.0.2.1'), block('b.example.', '192.0.2.1')),
      null,
      /'wild\.' has no active/,
    ],
    [
      'wild. as a comment only',
      blocks(block('wild.'), block('b.example.', '192.0.2.1')),
      null,
      /'wild\.' has no active/,
    ],
    ['wild. alone', blocks(block('wild.', '192.0.2.1')), null, /no domain besides 'wild\.'/],
    ['multicast', blocks(block('wild.', '224.0.0.1'), block('b.example.', '192.0.2.1')), null, /no usable unicast/],
    ['bad in itself is not forced', blocks(block('wild.', '192.0.2.1')), small, /no domain besides/, { force: true }],
    ['5 of 100 gone', zone(2, 94), large, 'new'],
    ['6 of 100 gone', zone(2, 93), large, /it has 94 domains, the installed file 100/],
    ['6 of 100 gone, a failure', zone(2, 93, 0, 'failure'), large, /it has 94 domains/],
    ['6 of 100 gone, forced at the prober', zone(2, 93, 0, 'forced'), large, 'new'],
    ['6 of 100 gone, forced here', zone(2, 93), large, 'new', { force: true }],
    ['3 of 4 gone: few', zone(2, 1), zone(1, 4), 'new'],
    ['30 of 100 changed', zone(2, 99, 30), large, 'new'],
    ['31 of 100 changed', zone(2, 99, 31, 'edited'), large, /31 of 100 domains differ with the reason 'edited'/],
    ['31 of 100 changed, no reason', zone(2, 99, 31), large, /31 of 100 domains differ without a reason/],
    ['all changed, a failure', zone(2, 99, 99, 'failure'), large, 'new'],
    ['31 of 100 changed, the mass change was missed', zone(9, 99, 31, 'edited', 5), large, 'new'],
    ['31 of 100 changed, the mass change is this one', zone(9, 99, 31, 'edited', 9), large, 'new'],
    ['6 of 100 gone, the mass change was missed', zone(9, 93, 0, 'edited', 2), large, 'new'],
    ['31 of 100 changed, the mass change is installed', zone(9, 99, 31, 'edited', 1), large, /31 of 100 domains/],
    ['6 of 100 gone, the mass change is older', zone(9, 93, 0, 'edited', 4294967295), large, /it has 94 domains/],
    ['31 of 100 changed, a mass change to come', zone(9, 99, 31, 'edited', 10), large, /31 of 100 domains/],
    ['a missed mass change, serials wrapped round', zone(9, 99, 31, 'edited', 3), zone(4294967295, 99), 'new'],
    ['all changed, of few', zone(2, 8, 8, 'voluntary'), zone(1, 8), 'new'],
    ['the same serial', zone(1, 2, 1), small, /its serial 1 is not newer than 1/],
    ['an older serial', zone(0, 2, 1), small, /its serial 0 is not newer than 1/],
    ['an older serial of a stand-in', zone(0, 2, 1), small, 'new', { standIn: true }],
    ['an older serial, forced', zone(0, 2, 1), small, 'new', { force: true }],
    ['a serial that has wrapped round (RFC 1982)', zone(1, 2, 1), zone(4294967295, 2), 'new'],
  ]

for (const [title, offered, installed, expected, { force = false, standIn = false } = {}] of rows) {
  test(`judgeOffer: ${title}`, () => {
    const judge = () => judgeOffer({ offered, installed, force, standIn })
    if (typeof expected === 'string') assert.equal(judge(), expected)
    else assert.throws(judge, expected)
  })
}
