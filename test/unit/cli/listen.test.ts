import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toListenAddress } from '../../../lib/cli/listen.ts'

const GOOD: readonly [string, string | undefined, number][] = [
  [':8089', undefined, 8089],
  ['8089', undefined, 8089],
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['localhost:80', 'localhost', 80],
  ['[::1]:65535', '::1', 65535],
  ['[::]:1', '::', 1],
]

for (const [text, host, port] of GOOD) {
  test(`'${text}' is a place to listen`, () => assert.deepEqual(toListenAddress(text), { host, port }))
}

for (const text of ['', 'x', ':', '127.0.0.1', '127.0.0.1:', ':65536', '::1:80', '[::1]', '[x]:1', 'a b:1', ':-1']) {
  test(`'${text}' is none`, () => assert.throws(() => toListenAddress(text), /is not an address and a port/))
}
