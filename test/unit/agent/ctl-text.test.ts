import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderKb, renderSpan, renderText, renderTime } from '../../../lib/agent/ctl-text.ts'

const spans: [number, string][] = [
  [-5, '0s'],
  [0.9, '0s'],
  [59.9, '59s'],
  [60, '1m00s'],
  [725, '12m05s'],
  [3600, '1h00m'],
  [10938, '3h02m'],
  [86399, '23h59m'],
  [86400, '1d00h'],
  [1e7, '115d17h'],
]

for (const [seconds, text] of spans) test(`a span of ${seconds} s`, () => assert.equal(renderSpan(seconds), text))

const sizes: [number, string][] = [
  [0, '0K'],
  [999, '999K'],
  [1000, '1.0M'],
  [10188, '9.9M'],
  [10189, '10M'],
  [35840, '35M'],
  [1023999, '1.0G'],
  [1500000, '1.4G'],
  [2e7, '19G'],
]

for (const [kb, text] of sizes) test(`${kb} KB`, () => assert.equal(renderKb(kb), text))

test('a time is told with its day where it is not of today', () => {
  const now = Date.parse('2026-11-22T05:12:31Z') / 1000
  assert.equal(renderTime(now, now), '05:12:31Z')
  assert.equal(renderTime(now - 43199, now), '17:12:32Z')
  assert.equal(renderTime(now - 43200, now), 'Nov 21 17:12Z')
  assert.equal(renderTime(now + 1e7, now), 'Mar 17 22:59Z')
})

test('B58: a text from outside is one line, without anything that a terminal obeys, and cut', () => {
  assert.equal(renderText('a\r\n\tb\u001b[31m\u009b1m'), 'a b?[31m?1m')
  assert.equal(renderText('abcdef', 6), 'abcdef')
  assert.equal(renderText('abcdefg', 6), 'abcde…')
  assert.equal(renderText('abc', 0), '…')
})
