import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNewerSerial, nextSerial } from '../../../lib/model/serial.ts'

for (const [title, serial, than, expected] of [
  ['one more', 2, 1, true],
  ['equal', 1, 1, false],
  ['one less', 1, 2, false],
  ['over the wrap', 5, 0xfffffff0, true],
  ['before the wrap', 0xfffffff0, 5, false],
  ['just under half the circle', 0x7fffffff, 0, true],
  ['half the circle is undefined, so no', 0x80000000, 0, false],
] as const) {
  test(`newer (RFC 1982): ${title}`, () => assert.equal(isNewerSerial(serial, than), expected))
}

for (const [title, now, old, expected] of [
  ['no old file: the seconds', 1763800000.9, undefined, 1763800000],
  ['the seconds are newer', 1763800000, 1763799999, 1763800000],
  ['twice in a second', 1763800000, 1763800000, 1763800001],
  ['the old one is from the future', 1763800000, 1763900000, 1763900001],
  ['a date as a serial (2016120101) is from the future too', 1763800000, 2016120101, 2016120102],
  ['the wrap, and never 0', 0xffffffff, 0xffffffff, 1],
  ['the clock has passed 2^32', 2 ** 32 + 7, 0xfffffff0, 7],
] as const) {
  test(`next (formats 10.4): ${title}`, () => assert.equal(nextSerial(now, old), expected))
}
