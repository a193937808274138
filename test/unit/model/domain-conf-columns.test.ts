import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Target } from '../../../lib/model/target.ts'
import { lineOf, parse, parseOne } from './domain-conf-lines.ts'

for (const count of [13, 19, 21, 22, 23]) {
  test(`formats 17.1: a record of ${count} columns`, async () => {
    const { target, told } = await parseOne(lineOf({}, count))
    assert.deepEqual(told, [])
    assert.equal(target?.port, count === 13 ? 80 : 8080)
    assert.equal(target?.tcp_interval, count < 21 ? null : 1)
    assert.equal(target?.http_interval, count < 21 ? null : 5)
    assert.equal(target?.timeout, count < 22 ? null : 2.5)
  })
}

/** number of columns, what is said */
const counts: readonly [number, string][] = [
  [1, 'has 1 column: column 2 (Info) is missing'],
  [3, 'has 3 columns: column 4 (Times) is missing'],
  [12, 'has 12 columns: column 13 (Ip) is missing'],
  [14, 'has 14 columns: column 15 (Port) is missing'],
  [15, 'has 15 columns: column 16 (Use_Dns) is missing'],
  [16, 'has 16 columns: column 17 (Weights) is missing'],
  [17, 'has 17 columns: column 18 (Dns_Reuse) is missing'],
  [18, 'has 18 columns: column 19 (Sort) is missing'],
  [20, 'has 20 columns: column 21 (Http_Interval) is missing'],
]
for (const [count, reason] of counts) {
  test(`formats 17.1: a record of ${count} columns is an error`, async () => {
    assert.deepEqual(await parseOne(lineOf({}, count)), { target: undefined, told: [`error: ${reason}`] })
  })
}

test('formats 17.1: a record of 24 columns is an error', async () => {
  const { target, told } = await parseOne(`${lineOf({}, 23)} more`)
  assert.deepEqual([target, told], [undefined, ['error: has 24 columns, at most 23 are known']])
})

/** title, column, text, the field it becomes, its value */
const values: readonly [string, number, string, keyof Target, unknown][] = [
  ['the final dot is added', 1, 'a.example.com', 'domain', 'a.example.com.'],
  ['the final dot stays', 1, 'A.example.com.', 'domain', 'A.example.com.'],
  ['info as written', 2, 'Nx', 'info', 'Nx'],
  ['detect by its first letter', 3, 'yes', 'detect', true],
  ['detect: anything else is no', 3, 'X', 'detect', false],
  ['times below 1', 4, '0', 'times', 1],
  ['times negative', 4, '-3', 'times', 1],
  ['times above 10', 4, '11', 'times', 10],
  ['times', 4, '10', 'times', 10],
  ['warn time', 5, '0.25', 'warn_time', 0.25],
  ['warn time without a digit before the point', 5, '.5', 'warn_time', 0.5],
  ['good time', 6, '2', 'good_time', 2],
  ['good time with a percentage', 6, '0.5%30', 'good_time', 0.5],
  ['the percentage of good time', 6, '0.5%30', 'margin', 30],
  ['no percentage', 6, '0.5', 'margin', null],
  ['length below 512', 7, '511', 'limit', 512],
  ['length above 4096000', 7, '4096001', 'limit', 4_096_000],
  ['length', 7, '4096000', 'limit', 4_096_000],
  ['good ip 0 stays 0', 8, '0', 'publish', 0],
  ['good ip negative', 8, '-1', 'publish', 0],
  ['good ip is 8 bit', 8, '300', 'publish', 255],
  ['modify', 9, 'N', 'modify', false],
  ['port', 15, '65535', 'port', 65535],
  ['port below its range', 15, '-1', 'port', 80],
  ['port 0 (formats 15)', 15, '0', 'port', 80],
  ['port above its range', 15, '65536', 'port', 80],
  ['port 443 is HTTPS', 15, '443', 'scheme', 'https'],
  ['another port is HTTP', 15, '8443', 'scheme', 'http'],
  ['use dns', 16, 'y', 'use_dns', true],
  ['use dns: anything else is no', 16, '1', 'use_dns', false],
  ['weights', 17, '60:40', 'referer_weight', 40],
  ['weights, all for the Referer', 17, '0:100', 'referer_weight', 100],
  ['dns reuse as given', 18, '-2', 'dns_reuse', -2],
  ['sort', 19, 'N', 'sort', false],
  ['tcp interval negative', 20, '-1', 'tcp_interval', 0],
  ['tcp interval', 20, '7', 'tcp_interval', 7],
  ['http interval negative', 21, '-1', 'http_interval', 0],
  ['timeout', 22, '0.75', 'timeout', 0.75],
]
for (const [title, column, text, field, value] of values) {
  test(`formats 17.2: column ${column} '${text}': ${title}`, async () => {
    const { target, told } = await parseOne(lineOf({ [column]: text }))
    assert.deepEqual(told, [])
    assert.deepEqual(target?.[field], value)
  })
}

test('formats 2.2: what 13 columns mean', async () => {
  const { target } = await parseOne(lineOf({}, 13))
  const { port, scheme, use_dns, referer_weight, referer_request, sort, way } = target ?? {}
  assert.deepEqual(
    { port, scheme, use_dns, referer_weight, referer_request, sort, way },
    { port: 80, scheme: 'http', use_dns: false, referer_weight: 0, referer_request: null, sort: true, way: null },
  )
})

/** column, text, what is said; the record is dropped */
const errors: readonly [number, string, string][] = [
  [1, 'a..b', "column 1 (Host) is not a domain name: 'a..b'"],
  [1, 'a.*.com', "column 1 (Host) is not a domain name: 'a.*.com'"],
  [1, 'a;b.com', "column 1 (Host) is not a domain name: 'a;b.com'"],
  [1, 'a\x1b[2J', "column 1 (Host) is not a domain name: 'a?[2J'"],
  [1, 'a_b.com', "column 1 (Host) is not a legal host name, named would refuse its addresses: 'a_b.com.'"],
  [4, 'x', "column 4 (Times) is not a number: 'x'"],
  [4, '1.5', "column 4 (Times) is not a whole number: '1.5'"],
  [4, '1e3', "column 4 (Times) is not a number: '1e3'"],
  [7, '0x10', "column 7 (Len) is not a number: '0x10'"],
  [7, '9999999999999999', "column 7 (Len) is too large: '9999999999999999'"],
  [8, 'x', "column 8 (Good_Ip) is not a number: 'x'"],
  [15, 'http', "column 15 (Port) is not a number: 'http'"],
  [17, '100', "column 17 (Weights) is not a pair C:R with C+R = 100: '100'"],
  [17, '50:40', "column 17 (Weights) is not a pair C:R with C+R = 100: '50:40'"],
  [17, '150:-50', "column 17 (Weights) is not a pair C:R with C+R = 100: '150:-50'"],
  [17, 'x:y', "column 17 (Weights) is not a pair C:R with C+R = 100: 'x:y'"],
  [18, '-', "column 18 (Dns_Reuse) is not a number: '-'"],
  [20, 'x', "column 20 (Tcp_Interval) is not a number: 'x'"],
  [21, '5m', "column 21 (Http_Interval) is not a number: '5m'"],
  [22, 'x', "column 22 (Timeout) is not a number: 'x'"],
  [22, '0', "column 22 (Timeout) is not above 0: '0'"],
  [22, '-1', "column 22 (Timeout) is not above 0: '-1'"],
]
for (const [column, text, reason] of errors) {
  test(`a malformed column is an error: ${JSON.stringify(text)} in ${column}`, async () => {
    const parsed = await parseOne(lineOf({ [column]: text }))
    assert.deepEqual(parsed, { target: undefined, told: [`error: ${reason}`] })
  })
}

/** column, text, the field, its value, what is said; the record stays (formats 2.2: a non-number is 0) */
const warnings: readonly [number, string, keyof Target, unknown, string][] = [
  [5, 'x', 'warn_time', 0, "column 5 (WarnTime) is not a number: 'x', taken as 0"],
  [5, '-1', 'warn_time', 0, "column 5 (WarnTime) is negative: '-1', taken as 0"],
  [6, 'x', 'good_time', 0, "column 6 (good_time) is not a number: 'x', taken as 0"],
  [6, 'x%20', 'margin', 20, "column 6 (good_time) is not a number: 'x', taken as 0"],
  [6, '0.5%', 'margin', null, "column 6 (good_time) has no percentage after its '%', ignored: ''"],
  [6, '0.5%1%2', 'margin', null, "column 6 (good_time) has no percentage after its '%', ignored: '1%2'"],
  [6, '0.5%y', 'good_time', 0.5, "column 6 (good_time) has no percentage after its '%', ignored: 'y'"],
]
for (const [column, text, field, value, reason] of warnings) {
  test(`a threshold that is no number is 0, with a warning: ${text} in ${column}`, async () => {
    const { target, told } = await parseOne(lineOf({ [column]: text }))
    assert.deepEqual(told, [`warning: ${reason}`])
    assert.deepEqual(target?.[field], value)
  })
}

test('all faults of a line are told, in the order of its columns', async () => {
  const { faults } = await parse(`# comment\n${lineOf({ 4: 'a', 7: 'b', 11: 'PUT', 12: '20', 17: '1:1', 22: 'c' })}`)
  assert.deepEqual(
    faults.map(({ file, line, reason }) => `${file}:${line}: ${reason.slice(0, 9)}`),
    ['4', '7', '11', '12', '17', '22'].map(column => `domain.conf:2: ${`column ${column} `.slice(0, 9)}`),
  )
})
