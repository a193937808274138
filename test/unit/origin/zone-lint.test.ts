import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ranking } from '../../../lib/model/ranking.ts'
import { lintBlocks, lintLegacy, lintSilence } from '../../../lib/origin/zone-lint.ts'
import { hiddenWildcards, wildcardBlocks } from '../../../lib/origin/zone-wildcards.ts'
import { blocksOf, ranking } from './rankings.ts'

const addresses = (count: number) => Array.from({ length: count }, (_, i) => `+192.0.2.${i}`).join(' ')
const lint = (list: readonly Ranking[]) => {
  const blocks = blocksOf(list)
  return [...lintBlocks(blocks), ...lintSilence(list, blocks)].map(({ owner, reason }) => `${owner} ${reason}`)
}

for (const [title, list, expected] of [
  ['all is well', [ranking('wild.', '+192.0.2.1'), ranking('*.', '@wild'), ranking('*.a.com.', '+192.0.2.1')], []],
  ['a CNAME and an address', [ranking('a.com.', '@b.com. +192.0.2.1')], ['a.com. has a CNAME and an address']],
  ['a CNAME and comments (case D4)', [ranking('a.com.', '@b.com. x192.0.2.1')], []],
  ['an underscore', [ranking('a_b.com.', '+192.0.2.1')], ['a_b.com. is no legal host name']],
  ['an underscore in an alias', [ranking('a_b.com.', '@b.com.')], []],
  ['a name that would break the file', [ranking(';-----', '+192.0.2.1')], [';----- is no domain name']],
  ['100 addresses', [ranking('a.com.', addresses(100))], []],
  ['101 addresses', [ranking('a.com.', addresses(101))], ['a.com. has 101 active A records, more than 100']],
  ['two places', [ranking('a.com.', '+192.0.2.1'), ranking('A.COM', '+192.0.2.2')], ['A.COM stands in two places']],
  ['0/8', [ranking('a.com.', '+0.0.0.1')], ['a.com. 0.0.0.1 is no usable unicast address']],
  ['multicast', [ranking('a.com.', '+224.0.0.1')], ['a.com. 224.0.0.1 is no usable unicast address']],
  ['broadcast', [ranking('a.com.', '+255.255.255.255')], ['a.com. 255.255.255.255 is no usable unicast address']],
  ['loopback is usable', [ranking('a.com.', '+127.0.0.2')], []],
  ['IPv6', [ranking('a.com.', '+2001:db8::1')], []],
  ['IPv6 multicast', [ranking('a.com.', '+ff02::1')], ['a.com. ff02::1 is no usable unicast address']],
  ['no address', [ranking('a.com.', '+192.0.2.x')], ["a.com. '192.0.2.x' is no address"]],
  ['no address in a comment', [ranking('a.com.', '+192.0.2.1 -x;y')], ["a.com. 'x;y' is no address"]],
  ['a CNAME to no name', [ranking('a.com.', '@b;c')], ["a.com. points to 'b;c', which is no name"]],
  ['the name server', [ranking('ns1', '@wild.com')], ['ns1 is the name server of the zone itself']],
  ['wild is missing', [ranking('*.', '@wild')], ['wild. has no active address, and *. points to it']],
  [
    'wild is down',
    [ranking('*.', '@wild.'), ranking('wild.', 'x192.0.2.1', { silent: true })],
    ['wild. has no active address, and *. points to it', 'wild. has no active record'],
  ],
  ['nothing published', [ranking('a.com.', 'x192.0.2.1')], ['a.com. has no active record']],
  ['nothing at all', [ranking('a.com.', '')], ['a.com. has no active record']],
  ['nothing published, and that is allowed', [ranking('a.com.', 'x192.0.2.1', { silent: true })], []],
] as const) {
  test(`lint (formats 8.3): ${title}`, () => assert.deepEqual(lint(list), expected))
}

test('two CNAMEs of one owner', () => {
  const cname = { rr: 'CNAME', active: true, target: 'b.' } as const
  assert.deepEqual(lintBlocks([{ owner: 'a.', lines: [cname, cname] }]), [{ owner: 'a.', reason: 'has 2 CNAMEs' }])
})

test('version 3.3 has no IPv6', () => {
  assert.deepEqual(
    lintLegacy(blocksOf([ranking('a.', '+::1'), ranking('b.', '+192.0.2.1')])).map(({ owner }) => owner),
    ['a.'],
  )
})

for (const [title, list, expected] of [
  ['no wildcard, nothing hidden', [ranking('a.b.com.', '+192.0.2.1')], []],
  ['each node between', [ranking('*.', '@wild'), ranking('a.b.com.', '+192.0.2.1')], ['*.b.com. wild', '*.com. wild']],
  [
    'the nearest wildcard counts',
    [ranking('*.', '@wild'), ranking('*.com.', '@tame'), ranking('a.b.com.', '+192.0.2.1')],
    ['*.b.com. tame'],
  ],
  [
    'a wildcard of its own',
    [ranking('*.com.', '@wild'), ranking('*.b.com.', '@wild'), ranking('a.b.com.', '+192.0.2.1')],
    [],
  ],
  [
    'a node with records is not empty',
    [ranking('*.com.', '@wild'), ranking('b.com.', '+192.0.2.1'), ranking('a.b.com.', '+192.0.2.1')],
    [],
  ],
  ['comment lines make no node', [ranking('*.com.', '@wild'), ranking('a.b.com.', 'x192.0.2.1')], []],
  [
    'a wildcard with addresses',
    [ranking('*.com.', '+192.0.2.9'), ranking('a.b.com.', '+192.0.2.1')],
    ['*.b.com. *.com.'],
  ],
  [
    'once, whatever the case',
    [ranking('*.com.', '@wild'), ranking('a.B.com.', '+192.0.2.1'), ranking('c.b.com.', '+192.0.2.1')],
    ['*.b.com. wild'],
  ],
] as const) {
  test(`wildcard reach (formats 8.3, RFC 4592): ${title}`, () => {
    const added = wildcardBlocks(hiddenWildcards(blocksOf(list)))
    assert.deepEqual(
      added.map(({ owner, lines }) => `${owner} ${lines.map(line => line.rr === 'CNAME' && line.target)}`),
      expected,
    )
  })
}
