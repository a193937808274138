import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBytes, toCount, toDuration, toPort } from '../../../lib/cli/numbers.ts'

const good: [string, number, number][] = [
  ['a count', toCount(0, 10)('10'), 10],
  ['a port', toPort('65535'), 65535],
  ['plain seconds', toDuration(0, 10)('2.5'), 2.5],
  ['milliseconds', toDuration(0, 10)('250ms'), 0.25],
  ['minutes', toDuration(0, 86400)('2m'), 120],
  ['hours', toDuration(0, 86400)('1.5h'), 5400],
  ['a day', toDuration(0, 86400)('1d'), 86400],
  ['plain bytes', toBytes(0, 1e9)('512'), 512],
  ['kilobytes', toBytes(0, 1e9)('2k'), 2048],
  ['megabytes', toBytes(0, 1e9)('2M'), 2 * 1024 * 1024],
]
for (const [title, value, expected] of good) test(`numbers: ${title}`, () => assert.equal(value, expected))

const bad: [string, () => number, RegExp][] = [
  ['an empty count', () => toCount(0, 10)(''), /'' is not a whole number from 0 to 10/],
  ['a count with blanks', () => toCount(0, 10)(' 7'), /is not a whole number/],
  ['a hexadecimal count', () => toCount(0, 100)('0x10'), /is not a whole number/],
  ['a decimal count', () => toCount(0, 10)('1.0'), /is not a whole number/],
  ['port 0', () => toPort('0'), /from 1 to 65535/],
  ['an unknown unit', () => toDuration(0, 10)('1w'), /units: ms s m h d/],
  ['infinity', () => toDuration(0, 10)('Infinity'), /is not a time from 0 to 10 seconds/],
  ['a negative time', () => toDuration(0, 10)('-1'), /is not a time/],
  ['too long a time', () => toDuration(0, 10)('11'), /is not a time from 0 to 10 seconds/],
  ['bytes with a decimal', () => toBytes(0, 10)('1.5k'), /is not a number of bytes/],
]
for (const [title, convert, message] of bad) test(`numbers: ${title} is refused`, () => assert.throws(convert, message))
