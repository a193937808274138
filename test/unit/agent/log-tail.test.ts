import assert from 'node:assert/strict'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { harmless, sizeOf, tailOf } from '../../../lib/agent/log-tail.ts'
import { scratch } from './agents.ts'

const FULL = Number.POSITIVE_INFINITY

for (const [title, text, from, lines, bytes, expected] of [
  ['all of it', 'a\nb\n', 0, 5, 100, ['a', 'b']],
  ['the last lines', 'a\nb\nc\n', 0, 2, 100, ['b', 'c']],
  ['no end of the last line', 'a\nb', 0, 5, 100, ['a', 'b']],
  ['only what came since', 'a\nb\nc\n', 2, 5, 100, ['b', 'c']],
  ['nothing came since', 'a\n', 2, 5, 100, []],
  ['a line that is cut in two is left out', 'aaaa\nb\nc\n', 0, 5, 6, ['b', 'c']],
  ['unless it is the only one', 'aaaabbbb\n', 0, 5, 5, ['bbbb']],
  ['empty lines', 'a\n\n \n\r\nb\r\n', 0, 5, 100, ['a', 'b']],
  ['control characters', '\x1b[1;31mred\x1b[0m\x07\tx\x9b\u202e\n', 0, 5, 100, ['red? x??']],
  ['no UTF-8', Buffer.from([0x61, 0xff, 0x0a]), 0, 5, 100, ['a\ufffd']],
  ['UTF-8', 'ä€\n', 0, 5, 100, ['ä€']],
] as const) {
  test(`B51: the last lines of a log: ${title}`, t => {
    const path = join(scratch(t), 'a.log')
    writeFileSync(path, text)
    assert.deepEqual(tailOf(path, from, FULL, lines, bytes), expected)
  })
}

test('B51: the last lines of a log that was cut off since go on in the old file', t => {
  const path = join(scratch(t), 'a.log')
  writeFileSync(`${path}.1`, 'first\nsecond ')
  writeFileSync(path, 'half\nthird\n')
  assert.deepEqual(tailOf(path, 50), ['first', 'second half', 'third'])
  assert.deepEqual(tailOf(path, 50, FULL, 2), ['second half', 'third'])
  writeFileSync(path, '')
  assert.deepEqual(tailOf(path, 50), ['first', 'second'])
})

test('B51: the lines of the next process are not those of the one before', t => {
  const path = join(scratch(t), 'a.log')
  writeFileSync(path, 'mine\nits\n')
  assert.deepEqual(tailOf(path, 0, 5), ['mine'])
  assert.deepEqual(tailOf(path, 5, 5), [])
  assert.deepEqual(tailOf(path, 50, 5), ['mine'], 'the log was cut off in between')
})

test('B51: no log is no lines', t => {
  const dir = scratch(t)
  assert.deepEqual([sizeOf('/nowhere/a.log'), tailOf('/nowhere/a.log', 0), tailOf('/nowhere/a.log', 9)], [0, [], []])
  assert.deepEqual(tailOf(dir, 0), [])
  const link = join(dir, 'a.log')
  symlinkSync('/etc/passwd', link)
  assert.deepEqual(tailOf(link, 0), [])
})

test('B51: a text is harmless', () => {
  assert.equal(harmless('a\0b\nc\u2028d\x7f'), 'a?b?c?d?')
})
