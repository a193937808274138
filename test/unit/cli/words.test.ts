import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toAddress, toMailSender, toWords } from '../../../lib/cli/words.ts'

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

test('toAddress takes addresses only', () => {
  assert.equal(toAddress('::1'), '::1')
  assert.throws(() => toAddress('localhost'), /^Error: 'localhost' is not an IP address$/)
})

const SENDERS = [
  { text: 'root', is: { name: '', address: 'root' } },
  { text: 'ops@example.com', is: { name: '', address: 'ops@example.com' } },
  { text: 'Größe, "x" <ops@example.com>', is: { name: 'Größe, "x"', address: 'ops@example.com' } },
  { text: '<ops@example.com>', is: { name: '', address: 'ops@example.com' } },
] as const

for (const { text, is } of SENDERS) test(`toMailSender: ${text}`, () => assert.deepEqual(toMailSender(text), is))
for (const text of ['a <b> <c@d>', 'a\nBcc: x <c@d>', 'a <-c@d>', 'a b@c', 'a <>']) {
  test(`toMailSender: ${JSON.stringify(text)} is none`, () =>
    assert.throws(() => toMailSender(text), /not a mail address/))
}
