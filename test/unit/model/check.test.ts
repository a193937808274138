import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkOf } from '../../../lib/model/check.ts'
import { ErrorRecord } from '../../../lib/model/error-record.ts'
import { Ranking } from '../../../lib/model/ranking.ts'

const error = { type: 'error', command: 'x', level: 'fatal', message: 'm', time: '2026-01-01T00:00:00Z' }
const address = { ip: '192.0.2.1', kind: 'ip', status: 'ip_work', active: true, time: 0.1, code: '200', slow: false }
const ranking = {
  type: 'ranking',
  domain: 'a.',
  case: 'C',
  cname: null,
  addresses: [address],
  silent: false,
  reason: '',
  cause: 'same',
  gain: 0,
  changed: false,
}

test('check: a good record comes back as it is, unknown fields and all', () => {
  const record = { ...error, note: 'kept' }
  assert.equal(checkOf(ErrorRecord)(record), record)
  assert.equal(checkOf(Ranking)(ranking), ranking)
})

const bad: [string, object, string][] = [
  ['a missing field', { ...error, message: undefined }, "field 'message' is missing"],
  ['a field of another type', { ...error, command: 7 }, "field 'command' must be string"],
  ['a word that is none of the set', { ...error, level: 'bad' }, "field 'level' must be 'warning' or 'fatal'"],
  ['a number that may be absent', { ...error, line: 'x' }, "field 'line' must be integer or null"],
  [
    'a field inside a list',
    { ...ranking, addresses: [address, { ...address, code: '20' }] },
    `field 'addresses.1.code' must be string, match ^\\d{3}$`,
  ],
]
for (const [title, record, message] of bad) {
  test(`check: ${title} is named`, () => {
    const check = 'addresses' in record ? checkOf(Ranking) : checkOf(ErrorRecord)
    const given = JSON.parse(JSON.stringify(record))
    assert.throws(() => check(given), { message })
  })
}
