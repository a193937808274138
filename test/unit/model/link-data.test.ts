import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type LinkLine,
  linkKey,
  newestLinkData,
  parseLinkData,
  renderLinkLine,
  toLinkLine,
} from '../../../lib/model/link-data.ts'
import type { Probe } from '../../../lib/model/probe.ts'

const EXAMPLE =
  'img.example.com.|192.0.2.1|192.0.2.22|ip|0.031000|0.040000|0.139000|0.210000|2|2|80|work|HTTP|200|detect'

const PROBE: Probe = {
  type: 'probe',
  domain: 'img.example.com.',
  ip: '192.0.2.22',
  kind: 'ip',
  unit: 'u',
  ok: true,
  code: '200',
  connect: 0.031,
  ttfb: 0.04,
  download: 0.139,
  total: 0.21,
  bytes: 4096,
  error: null,
  detail: null,
  port: 80,
  way: 'HTTP',
  times: 2,
  ok_times: 2,
  repeats: 0,
  source: 'detect',
  suspect: false,
  time: '2026-11-22T00:00:00.000Z',
}

test('formats 16: the example, from a probe and back', () => {
  assert.equal(renderLinkLine(toLinkLine(PROBE, '192.0.2.1')), EXAMPLE)
  const { lines, faults } = parseLinkData(`${EXAMPLE}\n`, 'link.data.1')
  assert.deepEqual(faults, [])
  assert.deepEqual([...lines], [[linkKey('IMG.example.com', '192.0.2.22'), toLinkLine(PROBE, '192.0.2.1')]])
})

test('formats 11: an address that never connected', () => {
  const nothing = { connect: null, ttfb: null, download: null, total: null, code: '000', ok_times: 0 }
  assert.equal(
    renderLinkLine(toLinkLine({ ...PROBE, ...nothing, kind: 'backup', source: 'central', way: 'TCP' }, '192.0.2.1')),
    'img.example.com.|192.0.2.1|192.0.2.22|bkip|0.000000|0.000000|0.000000|0.000000|2|0|80|down|TCP|000|central',
  )
  assert.equal(toLinkLine({ ...PROBE, kind: 'dns' }, '192.0.2.1').kind, 'dnsip')
})

test('formats 11: blanks separate as well as bars; the first line of a host and address counts', () => {
  const { lines } = parseLinkData(`${EXAMPLE.replaceAll('|', ' ')}\r\n${EXAMPLE.replace('|2|2|', '|3|3|')}`, null)
  assert.deepEqual(
    [...lines.values()].map(({ times }) => times),
    [2],
  )
})

test('formats 11: every malformed field is told with its name', () => {
  const { lines, faults } = parseLinkData('a..b|x|y|main|-1|a|b|c|d|e|f|up|FTP|20|guess\na|b\n', 'link.data.1')
  assert.equal(lines.size, 0)
  assert.deepEqual(
    faults.map(({ line, reason }) => `${line}: ${reason}`),
    [
      "1: field 1 (host) is not a domain name: 'a..b'",
      "1: field 2 (prober) is not an address: 'x'",
      "1: field 3 (server) is not an address: 'y'",
      "1: field 4 (kind) is not ip or bkip or dnsip: 'main'",
      "1: field 5 (connect) is not a number of seconds: '-1'",
      "1: field 6 (first byte) is not a number of seconds: 'a'",
      "1: field 7 (download) is not a number of seconds: 'b'",
      "1: field 8 (total) is not a number of seconds: 'c'",
      "1: field 9 (times) is not a whole number: 'd'",
      "1: field 10 (ok times) is not a whole number: 'e'",
      "1: field 11 (port) is not a whole number: 'f'",
      "1: field 12 (port state) is not work or down: 'up'",
      "1: field 13 (way) is not TCP or HTTP or HTTPS: 'FTP'",
      "1: field 14 (code) is not three digits: '20'",
      "1: field 15 (source) is not detect or central or reuse or nodetect: 'guess'",
      '2: has 2 fields, not 15',
    ],
  )
})

/** names, the newest */
const names: readonly [readonly string[], string | undefined][] = [
  [[], undefined],
  [['link.data.tmp', 'link.data.', 'link.data.1x', 'xlink.data.9'], undefined],
  [['link.data.999999999', 'link.data.1700000000', 'link.data.1600000000'], 'link.data.1700000000'],
  [['link.data.0'], 'link.data.0'],
]
for (const [list, newest] of names) {
  test(`formats 11: the largest number among ${JSON.stringify(list)}`, () => assert.equal(newestLinkData(list), newest))
}

test('formats 11: what is written is read again', () => {
  const seconds = fc.integer({ min: 0, max: 9_999_999 }).map(micros => micros / 1e6)
  const count = fc.integer({ min: 0, max: 65535 })
  const line: fc.Arbitrary<LinkLine> = fc.record({
    host: fc.domain().map(name => `${name}.`),
    prober: fc.ipV4(),
    server: fc.oneof(fc.ipV4(), fc.ipV6()),
    kind: fc.constantFrom('ip', 'bkip', 'dnsip'),
    connect: seconds,
    first_byte: seconds,
    download: seconds,
    total: seconds,
    times: count,
    ok_times: count,
    port: count,
    state: fc.constantFrom('work', 'down'),
    way: fc.constantFrom('TCP', 'HTTP', 'HTTPS'),
    code: fc.integer({ min: 0, max: 999 }).map(code => String(code).padStart(3, '0')),
    source: fc.constantFrom('detect', 'central', 'reuse', 'nodetect'),
  })
  fc.assert(
    fc.property(line, value => {
      assert.deepEqual([...parseLinkData(renderLinkLine(value), null).lines.values()], [{ ...value }])
    }),
  )
})
