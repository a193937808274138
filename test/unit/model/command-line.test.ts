import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toWords } from '../../../lib/model/command-line.ts'

const WORDS = [
  { text: 'rndc', is: ['rndc'] },
  { text: '  rndc  -s 127.0.0.1\t-p 9953 ', is: ['rndc', '-s', '127.0.0.1', '-p', '9953'] },
  { text: `'/opt/my bind/rndc' -k"a b"c`, is: ['/opt/my bind/rndc', '-ka bc'] },
  { text: 'a\\ b \\"c', is: ['a b', '"c'] },
  { text: String.raw`"a \"b\" \$x \n" '\'`, is: [String.raw`a "b" $x \n`, '\\'] },
  { text: `a '' ""`, is: ['a', '', ''] },
  { text: '$HOME `id` * ;|&', is: ['$HOME', '`id`', '*', ';|&'] },
] as const

for (const { text, is } of WORDS) test(`toWords: ${text}`, () => assert.deepEqual(toWords(text), is))
for (const text of [`a 'b`, `"a`, 'a\\', `a "b\\"`]) {
  test(`toWords: ${text} is left open`, () => assert.throws(() => toWords(text), /is left open$/))
}
for (const text of ['', '  '])
  test(`toWords: '${text}' is none`, () => assert.throws(() => toWords(text), /no command/))
