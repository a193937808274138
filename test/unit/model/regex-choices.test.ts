import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choicesOf } from '../../../lib/model/regex-choices.ts'

const OPEN = 32

const CHOICES: readonly [source: string, choices: number][] = [
  ['success', 1],
  ['^ok$', 1],
  ['ok|good|fine', 3],
  ['^(?:ok|good) \\d+$', 2 * OPEN],
  ['a?b?', 4],
  ['a{3}', 1],
  ['a{2,5}', 4],
  ['a{2,}', OPEN],
  ['a{1,1000000}', OPEN],
  ['.*a.*b.*', OPEN ** 3],
  ['.*?', OPEN],
  ['[^*+]', 1],
  ['[\\]*+]', 1],
  ['\\*\\+\\(', 1],
  ['a{x', 1],
  ['(?<name>a|b)(?=c|d)', 4],
  ['(?<!a)(?!b)', 1],
  ['(a+)?', 2 * OPEN],
  ['(a|b){3}', 8],
  ['(abc){1000}', 1],
  ['(abc)+', OPEN],
  ['(a+)+', Infinity],
  ['(a|a)*', Infinity],
  ['(?:(a*)b){9}', OPEN ** 9],
  ['((a?))*', Infinity],
]

for (const [source, choices] of CHOICES)
  test(`choicesOf ${source}`, () => {
    new RegExp(source) // it is one
    assert.equal(choicesOf(source), choices)
  })

test('twenty optional letters are a million ways', () => assert.equal(choicesOf('a?'.repeat(20)), 2 ** 20))
