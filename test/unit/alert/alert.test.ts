import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordToAlert, textToAlert, toOneLine } from '../../../lib/alert/alert.ts'

const TEXTS = [
  { text: 'probe-ips: fatal: no file', is: ['fatal', 'probe-ips', 'no file', 'probe-ips: no file'] },
  { text: 'x: warning: f:12: bad', is: ['warning', 'x', 'f:12: bad', 'x: f:#: bad'] },
  { text: 'x: bug: oops', is: ['fatal', 'x', 'oops', 'x: oops'] },
  { text: 'x: usage: no', is: ['fatal', 'x', 'no', 'x: no'] },
  { text: 'Killed 7', is: ['warning', null, 'Killed 7', ': Killed #'] },
  { text: 'a: notice: b', is: ['warning', null, 'a: notice: b', ': a: notice: b'] },
  { text: 'x: info: fine', is: undefined },
  { text: ' \t', is: undefined },
] as const

for (const { text, is } of TEXTS) {
  test(`textToAlert: ${text}`, () => {
    const alert = textToAlert(text, 5)
    assert.deepEqual(alert && [alert.level, alert.command, alert.message, alert.key], is)
  })
}

test('recordToAlert: key, place and time of the record', () => {
  const record = {
    type: 'error',
    command: 'x',
    level: 'warning',
    message: 'm 1',
    time: '1970-01-01T00:00:09Z',
  } as const
  assert.equal(recordToAlert(record, 5).key, 'x: m #')
  assert.equal(recordToAlert(record, 5).time, 9)
  assert.equal(recordToAlert({ ...record, key: 'k 1', time: 'never' }, 5).key, 'k 1')
  assert.equal(recordToAlert({ ...record, time: 'never' }, 5).time, 5)
  assert.equal(recordToAlert({ ...record, file: 'f', line: 3 }, 5).place, 'f:3')
  assert.equal(recordToAlert({ ...record, file: 'f', line: null }, 5).place, 'f')
  assert.equal(recordToAlert({ ...record, file: null, line: 3 }, 5).place, 'line 3')
})

const LINES = [
  { text: 'a\r\nBcc: b\u2028c\u0000\u0085d', most: 99, is: 'a Bcc: b c d' },
  { text: 'x'.repeat(20), most: 10, is: 'xxxxxxx...' },
  { text: '123456😀7890', most: 10, is: '123456\ufffd...' },
  { text: 'lone \ud800', most: 10, is: 'lone \ufffd' },
] as const

for (const { text, most, is } of LINES) {
  test(`toOneLine: ${JSON.stringify(text)}`, () => assert.equal(toOneLine(text, most), is))
}
