import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Candidate, TableInput } from '../../../lib/origin/table.ts'
import { decideLegacy } from '../../../lib/origin/table-legacy.ts'
import { anyInput, inputOf, read } from './candidate-notation.ts'

const rows: readonly (readonly [title: string, input: TableInput, expected: string])[] = [
  ['A1 no address, word no', inputOf('', '', { backupWord: 'no' }), 'A1 silent'],
  ['A1 no address, word YES', inputOf('', '', { backupWord: 'YES' }), 'A1 silent'],
  ['A1 no address, no word', inputOf('', ''), 'A1 silent'],
  ['A2 no address, a name', inputOf('', '', { backupWord: 'wild' }), 'A2 CNAME wild'],
  ['A2 comes before B', inputOf('', '', { backupWord: 'wild', detect: false }), 'A2 CNAME wild'],
  ['A3 backups only: all of them', inputOf('', 'gbd'), 'A3: B1+work B2+bad B3+down'],
  ['A3 the word is not used', inputOf('', 'd', { backupWord: 'yes' }), 'A3: B1+down'],
  [
    'B not measured: the first n',
    inputOf('dgg', 'g', { detect: false, publish: 2 }),
    'B: M1+no_detect M2+no_detect M3-no_detect B1-no_detect',
  ],
  ['B n is at most the number of main addresses', inputOf('d', '', { detect: false, publish: 9 }), 'B: M1+no_detect'],
  ['B 0 publishes none', inputOf('d', '', { detect: false, publish: 0 }), 'B silent: M1-no_detect'],
  [
    'C the first n good ones',
    inputOf('dgbgg', 'gbd', { publish: 2 }),
    'C: M1-down M2+work M3-bad M4+work M5-good B1-good B2-bad B3-down',
  ],
  ['C fewer good ones than n', inputOf('gb', '', { publish: 2 }), 'C: M1+work M2-bad'],
  ['C 0 publishes none', inputOf('gb', '', { publish: 0 }), 'C silent: M1-good M2-bad'],
  ['C column 8 has eight bits', inputOf('gg', '', { publish: 257 }), 'C: M1+work M2-good'],
  ['D1 none good, word yes', inputOf('bd', '', { backupWord: 'y' }), 'D1 silent: M1-bad M2-down'],
  ['D2 none good, word no', inputOf('dbb', '', { backupWord: 'no', publish: 2 }), 'D2: M1-down M2+bad M3-bad'],
  ['D2 none good, no word', inputOf('b', ''), 'D2: M1+bad'],
  ['D3 all down, word no', inputOf('dd', '', { backupWord: 'N' }), 'D3: M1+down M2+down'],
  ['D4 none good, a name', inputOf('bd', '', { backupWord: 'alt.example.' }), 'D4 CNAME alt.example.: M1-bad M2-down'],
  ['D5 a good backup', inputOf('bd', 'bgdg', { publish: 2 }), 'D5: B1-bad B2+work B3-down B4-good M1-bad M2-down'],
  ['D6 some main answer', inputOf('dbb', 'db', { publish: 2 }), 'D6: M1-down M2+bad M3-bad B1-down B2-bad'],
  ['D7 everything down', inputOf('dd', 'd', { backupWord: 'yes' }), 'D7: M1+down M2+down B1-down'],
  ['D8 some backup answers', inputOf('dd', 'dbb'), 'D8: B1-down B2+bad B3+bad M1-down M2-down'],
]

for (const [title, input, expected] of rows) {
  test(`decideLegacy, formats 9: ${title}`, () => assert.equal(read(decideLegacy(input)), expected))
}

test('decideLegacy: a known last good set counts for nothing', () => {
  assert.equal(read(decideLegacy(inputOf('dd', '', { lastGood: ['M2'] }))), 'D3: M1+down M2+down')
})

test('decideLegacy: is the table of formats 9, read line by line', () => {
  fc.assert(fc.property(anyInput, input => assert.equal(read(decideLegacy(input)), transcribed(input))))
})

/** The table once more, as its rows stand on paper: a condition, then what each line becomes. */
function transcribed(input: TableInput): string {
  const { main: M, backup: B, detect, publish, backupWord } = input
  const word = (backupWord ?? 'no').toLowerCase()
  const isYes = word === 'yes' || word === 'y'
  const isNo = word === 'no' || word === 'n'
  const isName = !isYes && !isNo
  const n = Math.min(publish, M.length)
  const good = (list: readonly Candidate[]) => list.filter(c => c.good)
  const ok = (list: readonly Candidate[]) => list.filter(c => c.ok)
  const plain = (c: Candidate) => (c.ok ? 'bad' : 'down')
  const comment = (c: Candidate) => `${c.ip}-${c.good ? 'good' : plain(c)}`
  const active = (c: Candidate) => `${c.ip}+${c.good ? 'work' : plain(c)}`
  const only = (list: readonly Candidate[], chosen: readonly (Candidate | undefined)[]) =>
    list.map(c => (chosen.includes(c) ? active(c) : comment(c)))
  const say = (head: string, ...lines: readonly string[][]) =>
    lines.flat().length === 0 ? head : `${head}: ${lines.flat().join(' ')}`

  if (M.length === 0 && B.length === 0) return isName ? `A2 CNAME ${backupWord}` : 'A1 silent'
  if (M.length === 0) return say('A3', B.map(active))
  const silentAtZero = (name: string) => (n === 0 ? `${name} silent` : name)
  if (!detect) {
    const unmeasured = (list: readonly Candidate[], m: number) =>
      list.map((c, i) => `${c.ip}${i < m ? '+' : '-'}no_detect`)
    return say(silentAtZero('B'), unmeasured(M, n), unmeasured(B, 0))
  }
  if (good(M).length > 0) return say(silentAtZero('C'), only(M, good(M).slice(0, n)), B.map(comment))
  if (B.length === 0 && isYes) return say('D1 silent', M.map(comment))
  if (B.length === 0 && isNo && ok(M).length > 0) return say('D2', only(M, [ok(M)[0]]))
  if (B.length === 0 && isNo) return say('D3', M.map(active))
  if (B.length === 0) return say(`D4 CNAME ${backupWord}`, M.map(comment))
  if (good(B).length > 0) return say('D5', only(B, [good(B)[0]]), M.map(comment))
  if (ok(M).length > 0) return say('D6', only(M, [ok(M)[0]]), B.map(comment))
  if (ok(B).length === 0) return say('D7', M.map(active), B.map(comment))
  return say('D8', only(B, ok(B)), M.map(comment))
}
