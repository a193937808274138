import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toAddress, toMailSender } from '../../../lib/cli/words.ts'

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
