import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { TableInput } from '../../../lib/origin/table.ts'
import { decide } from '../../../lib/origin/table-default.ts'
import { anyInput, inputOf, read } from './candidate-notation.ts'

const rows: readonly (readonly [title: string, input: TableInput, expected: string])[] = [
  ['A1 no address and no name', inputOf('', '', { backupWord: 'no' }), 'A1 silent'],
  ['A2 no address, a name', inputOf('', '', { backupWord: 'wild' }), 'A2 CNAME wild'],
  ['A3 ok backups only (correction 2)', inputOf('', 'gbd'), 'A3: B1+work B2+bad B3-down'],
  ['A3 all where none is ok (correction 2)', inputOf('', 'dd'), 'A3: B1+down B2+down'],
  ['A3 not measured: all', inputOf('', 'dd', { detect: false }), 'A3: B1+no_detect B2+no_detect'],
  ['A3 none ok, a last good set', inputOf('', 'dd', { lastGood: ['B2'] }), 'last: B1-down B2+down'],
  ['B the first n', inputOf('dd', 'd', { detect: false }), 'B: M1+no_detect M2-no_detect B1-no_detect'],
  ['B 0 is read as 1 (correction 1)', inputOf('dd', '', { detect: false, publish: 0 }), 'B: M1+no_detect M2-no_detect'],
  [
    'C the first n good ones',
    inputOf('gdgbg', 'g', { publish: 2 }),
    'C: M1+work M2-down M3+work M4-bad M5-good B1-good',
  ],
  ['C 0 is read as 1 (correction 1)', inputOf('gg', '', { publish: 0 }), 'C: M1+work M2-good'],
  ['C more than 255', inputOf('gg', '', { publish: 256 }), 'C: M1+work M2+work'],
  ['D1 silent by configuration', inputOf('bd', '', { backupWord: 'Yes' }), 'D1 silent: M1-bad M2-down'],
  ['D2 the first that answers', inputOf('dbb', '', { publish: 2 }), 'D2: M1-down M2+bad M3-bad'],
  ['D3 all', inputOf('dd', '', { lastGood: null }), 'D3: M1+down M2+down'],
  ['D3 the last good set (correction 3)', inputOf('dd', '', { lastGood: ['M2'] }), 'last: M1-down M2+down'],
  ['D3 a last set that is configured no more', inputOf('dd', '', { lastGood: ['X1'] }), 'D3: M1+down M2+down'],
  ['D4 a name', inputOf('dd', '', { backupWord: 'alt.', lastGood: ['M1'] }), 'D4 CNAME alt.: M1-down M2-down'],
  [
    'D5 the first n good backups (correction 4)',
    inputOf('b', 'gbgg', { publish: 2 }),
    'D5: B1+work B2-bad B3+work B4-good M1-bad',
  ],
  ['D6 a main address that answers before a backup', inputOf('dbb', 'bd'), 'D6: M1-down M2+bad M3-bad B1-bad B2-down'],
  ['D7 all main ones', inputOf('dd', 'd'), 'D7: M1+down M2+down B1-down'],
  [
    'D7 the last good set, from both lists',
    inputOf('dd', 'dd', { lastGood: ['B2', 'M1'] }),
    'last: M1+down M2-down B1-down B2+down',
  ],
  [
    'D8 at most n (correction 4)',
    inputOf('dd', 'dbbb', { publish: 2 }),
    'D8: B1-down B2+bad B3+bad B4-bad M1-down M2-down',
  ],
]

for (const [title, input, expected] of rows) {
  test(`decide, formats 9 corrected: ${title}`, () => assert.equal(read(decide(input)), expected))
}

test('decide: an address in both lists is published once', () => {
  const input = inputOf('d', 'd', { lastGood: ['M1'] })
  const backup = input.backup.map(candidate => ({ ...candidate, ip: 'M1' }))
  assert.equal(read(decide({ ...input, backup })), 'last: M1+down M1-down')
})

test('decide: something is published, unless the configuration is content with nothing (correction 5)', () => {
  fc.assert(
    fc.property(anyInput, input => {
      const { addresses, cname, silent, case: name } = decide(input)
      const isPublished = cname !== null || addresses.some(address => address.active)
      assert.equal(isPublished, !silent)
      const word = input.backupWord?.toLowerCase()
      if (silent) assert.ok(name === 'A1' || word === 'yes' || word === 'y', name)
    }),
  )
})

test('decide: never more than n, but where everything is down or there are backups only', () => {
  fc.assert(
    fc.property(anyInput, input => {
      const { addresses, case: name } = decide(input)
      const active = addresses.filter(address => address.active).length
      if (!['A3', 'D3', 'D7', 'last'].includes(name)) assert.ok(active <= Math.max(1, input.publish), name)
    }),
  )
})

test('decide: every address has its one line, a CNAME stands alone, and what is down is active only when all is', () => {
  fc.assert(
    fc.property(anyInput, input => {
      const { addresses, cname, reason } = decide(input)
      const all = [...input.main, ...input.backup].map(candidate => candidate.ip)
      assert.deepEqual(addresses.map(({ ip }) => ip).sort(), all.sort())
      if (cname !== null) assert.ok(addresses.every(address => !address.active))
      const down = addresses.some(({ active, status }) => active && status === 'ip_down')
      if (down) assert.ok(addresses.every(({ status }) => status === 'ip_down'))
      assert.ok(reason.length > 10 && !reason.includes('undefined'), reason)
    }),
  )
})

const reasons: readonly (readonly [input: TableInput, reason: string])[] = [
  [inputOf('ggd', '', { publish: 2 }), '2 of 3 main addresses are good; both are published'],
  [inputOf('ggg', '', { publish: 2 }), 'all 3 main addresses are good; the first 2 are published'],
  [inputOf('g', ''), 'the only main address is good; it is published'],
  [inputOf('dg', ''), '1 of 2 main addresses is good; it is published'],
  [
    inputOf('bd', ''),
    'none of the 2 main addresses is good and there is no backup address; the first that answers is published',
  ],
  [inputOf('dd', ''), 'both main addresses are down and there is no backup address; both are published'],
  [inputOf('d', 'gg'), 'the only main address is not good; both backup addresses are good; the first is published'],
  [
    inputOf('dd', 'd'),
    'both main addresses are down, and so is every backup address; all main addresses are published',
  ],
  [
    inputOf('dd', '', { lastGood: ['M1'] }),
    'both main addresses are down and there is no backup address; the set that was last good is kept',
  ],
  [inputOf('dd', '', { detect: false }), 'not measured; 1 of 2 main addresses is published'],
]

for (const [input, reason] of reasons)
  test(`decide: says '${reason}'`, () => assert.equal(decide(input).reason, reason))
