import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serialOf, serialsBefore } from '../../../lib/origin/named-serial.ts'

const SERIALS = [
  {
    title: 'the header of formats 8.1',
    text: ';-----\n$TTL 60\n@ IN SOA ns1 root.localhost. (\n\t\t42;\n\t\t7000;\n',
    is: 42,
  },
  { title: 'on one line', text: '. 86400 IN SOA ns1. root. 7 1 1 1 1\n', is: 7 },
  { title: 'the bracket glued on', text: '@ IN SOA a b (7 1 1 1 1)', is: 7 },
  { title: 'a comment between', text: '@ IN SOA a b ( ; 13 serial\n 4294967295 ; last\n', is: 4294967295 },
  { title: 'over 32 bit', text: '@ IN SOA a b ( 4294967296 1 1 1 1 )', is: undefined },
  { title: 'only in a comment', text: '; @ IN SOA a b ( 7\n', is: undefined },
  { title: 'an error page', text: '<html>404</html>', is: undefined },
  { title: 'nothing', text: '', is: undefined },
] as const

for (const { title, text, is } of SERIALS) test(`serialOf: ${title}`, () => assert.equal(serialOf(text), is))

const NAMES = ['z', 'z.99', 'z.7', 'z.4294967295', 'z.200', 'z.refused', 'z.', 'z.8.tmp', 'y.6', 'z.99999999999']
const VERSIONS = [
  { title: 'the nearest first, later ones not at all', asked: 100, is: [99, 7, 4294967295] },
  { title: 'a wrapped serial comes after 4294967295 (RFC 1982)', asked: 5, is: [4294967295] },
  { title: 'not the refused one itself', asked: 99, is: [7, 4294967295] },
] as const

for (const { title, asked, is } of VERSIONS) {
  test(`serialsBefore: ${title}`, () => assert.deepEqual(serialsBefore(asked, 'z', NAMES), is))
}
