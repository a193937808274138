import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type AnyhostZone,
  parseAnyhost,
  renderAnyhost,
  type ZoneBlock,
  type ZoneLine,
} from '../../../lib/model/anyhost.ts'
import { activeSets, compareActive, countRecords, publishedAddresses } from '../../../lib/model/anyhost-active.ts'
import { STATUSES } from '../../../lib/model/statuses.ts'

const HEADER = `;-----
$TTL 60
$ORIGIN .
@ IN SOA ns1 root.localhost. (
\t\t1763800000;
\t\t7000;
\t\t3000;
\t\t15000;
\t\t86400;
\t\t);
@ 86400 IN NS ns1
ns1 86400 IN A 127.0.0.1
;-----
`

/** The result of the synthetic example (formats 16), without its header. */
const SAMPLE = `*.                       IN      CNAME   wild
*.com.                   IN      CNAME   wild
wild.                    IN      A       192.0.2.10      ; 0.000000 ip no_detect 000 N
;img.example.com.        IN      A       192.0.2.23      ; 0.000000 ip ip_down 000 N
img.example.com.         IN      A       192.0.2.22      ; 0.210000 ip ip_work 200 N
img.example.com.         IN      A       192.0.2.21      ; 0.350000 ip ip_work 200 N
;img.example.com.        IN      A       198.51.100.8    ; 0.410000 backup ip_good 200 N
;img.example.com.        IN      A       198.51.100.7    ; 0.600000 backup ip_bad 200 N
api.example.com.         IN      A       203.0.113.6     ; 1.400000 ip ip_bad 200 N
`

const a = (address: string, active = true, more: object = {}): ZoneLine => ({
  rr: 'A',
  active,
  address,
  measure: { time: 0, kind: 'ip', status: 'ip_work', code: '200', slow: false, ...more },
})

const SAMPLE_BLOCKS: ZoneBlock[] = [
  { owner: '*.', lines: [{ rr: 'CNAME', active: true, target: 'wild' }] },
  { owner: '*.com.', lines: [{ rr: 'CNAME', active: true, target: 'wild' }] },
  { owner: 'wild.', lines: [a('192.0.2.10', true, { status: 'no_detect', code: '000' })] },
  {
    owner: 'img.example.com.',
    lines: [
      a('192.0.2.23', false, { status: 'ip_down', code: '000' }),
      a('192.0.2.22', true, { time: 0.21 }),
      a('192.0.2.21', true, { time: 0.35 }),
      a('198.51.100.8', false, { time: 0.41, kind: 'backup', status: 'ip_good' }),
      a('198.51.100.7', false, { time: 0.6, kind: 'backup', status: 'ip_bad' }),
    ],
  },
  { owner: 'api.example.com.', lines: [a('203.0.113.6', true, { time: 1.4, status: 'ip_bad' })] },
]

test('the synthetic example, byte for byte (formats 8.1, 8.2, 16)', () => {
  assert.equal(renderAnyhost({ serial: 1763800000, blocks: SAMPLE_BLOCKS, end: null }), HEADER + SAMPLE)
})

test('the synthetic example is read back whole', () => {
  assert.deepEqual(parseAnyhost(HEADER + SAMPLE), { serial: 1763800000, blocks: SAMPLE_BLOCKS, end: null, faults: [] })
})

test('longer values push the rest to the right, IPv6 keeps the columns', () => {
  const owner = 'a-rather-long-name.example.com.'
  const lines: ZoneLine[] = [
    a('192.0.2.1', false, { time: 12345.5, slow: true }),
    { rr: 'AAAA', active: true, address: '2001:db8::1', measure: null },
    { rr: 'CNAME', active: true, target: 'x.' },
  ]
  assert.equal(
    renderAnyhost({ serial: 1763800000, blocks: [{ owner, lines }], end: null }).slice(HEADER.length),
    `;${owner} IN      A       192.0.2.1       ; 12345.500000 ip ip_work 200 Y
${owner} IN      AAAA    2001:db8::1
${owner} IN      CNAME   x.
`,
  )
})

for (const [title, line, expected] of [
  [
    'a 2.x line, address not padded (formats 16)',
    'bigota.d.miui.com.       IN      A       183.131.29.65 ; 0.092871 ip ip_work 404 Y',
    a('183.131.29.65', true, { time: 0.092871, code: '404', slow: true }),
  ],
  [
    'time inf (formats 16)',
    'wild.                    IN      A       218.61.35.185 ; inf ip ip_down 000 Y',
    a('218.61.35.185', true, { time: Number.POSITIVE_INFINITY, status: 'ip_down', code: '000', slow: true }),
  ],
  ['time 0', 'x. IN A 192.0.2.1 ; 0 ip ip_work 200 N', a('192.0.2.1')],
  ['time with an s', 'x. IN A 192.0.2.1 ; 0.5s ip ip_work 200 N', a('192.0.2.1', true, { time: 0.5 })],
  [
    'a prototype line of four fields, tabs',
    'x.\tIN\tA\t192.0.2.1',
    { rr: 'A', active: true, address: '192.0.2.1', measure: null },
  ],
  ['a CRLF file', 'x. IN A 192.0.2.1\r', { rr: 'A', active: true, address: '192.0.2.1', measure: null }],
] as const) {
  test(`read: ${title} (formats 17.9)`, () => {
    const { blocks, faults } = parseAnyhost(`${HEADER}${line}\n`)
    assert.deepEqual(faults, [])
    assert.deepEqual(blocks[0]?.lines, [expected])
  })
}

test("the prototypes' header, and the forerunner's records inside the header", () => {
  const text = `;-----
$TTL 60
$ORIGIN .
@ IN SOA ns1. root.localhost. (
        2016120101;
        7000;
        3000;
        15000;
        86400;
);

@ IN NS ns1.
ns1. IN A 127.0.0.1

kept.example. IN A 192.0.2.9 ; 0.1 ip ip_work 200 N
;-----
*.\tIN\tCNAME\twild
`
  const zone = parseAnyhost(text)
  assert.deepEqual(zone.faults, [])
  assert.equal(zone.serial, 2016120101)
  assert.deepEqual(
    zone.blocks.map(block => block.owner),
    ['kept.example.', '*.'],
  )
})

for (const [title, text, expected] of [
  ['empty', '', ['0: no SOA record with a serial in the header']],
  ['an HTML page', '<html>\n', ['1: the second field is not IN', '1: no SOA record with a serial in the header']],
  [
    'a cut line',
    `${HEADER}x. IN A 192.0.2.1 ; 0.1 ip ip_wo`,
    ['14: an A line has 10 fields, or 4, not 8', '14: the line has no end: the file was cut short'],
  ],
  [
    'a cut header',
    HEADER.slice(0, 100),
    ['9: the line has no end: the file was cut short', "9: the header has no closing ';-----' line"],
  ],
  ['an address that is none', `${HEADER}x. IN A 192.0.2.256\n`, ["14: '192.0.2.256' is no address for A"]],
  ['IPv4 in AAAA', `${HEADER}x. IN AAAA 192.0.2.1\n`, ["14: '192.0.2.1' is no address for AAAA"]],
  ['another type', `${HEADER}x. IN MX 10\n`, ["14: the type 'MX' is none of A, AAAA, CNAME"]],
  ['another origin', `${HEADER}$ORIGIN com.\n`, ["14: '$ORIGIN com.' has no place here"]],
  ['an include', `${HEADER}$INCLUDE /etc/passwd\n`, ["14: '$INCLUDE /etc/passwd' has no place here"]],
  ['a long CNAME', `${HEADER}x. IN CNAME a b\n`, ['14: a CNAME line has 4 fields, not 5']],
  [
    'a bad time',
    `${HEADER}x. IN A 192.0.2.1 ; -1 ip ip_work 200 N\n`,
    ["14: the time '-1' is not a number of seconds"],
  ],
  ['a bad kind', `${HEADER}x. IN A 192.0.2.1 ; 1 dns ip_work 200 N\n`, ["14: the kind 'dns' is not ip or backup"]],
  [
    'a bad status',
    `${HEADER}x. IN A 192.0.2.1 ; 1 ip up 200 N\n`,
    ["14: the status 'up' is none of ip_work, ip_good, ip_bad, ip_down, no_detect"],
  ],
  ['a bad code', `${HEADER}x. IN A 192.0.2.1 ; 1 ip ip_work 20 N\n`, ["14: the code '20' is not three digits"]],
  ['a bad flag', `${HEADER}x. IN A 192.0.2.1 ; 1 ip ip_work 200 -\n`, ["14: the flag '-' is not Y or N"]],
  ['a damaged end marker', `${HEADER}; end domains=1\n`, ['14: the end marker is damaged']],
  [
    'an end marker whose mass is no serial',
    `${HEADER}; end domains=0 active=0 reason=first mass=4294967296 sha256=${'0'.repeat(64)}\n`,
    ['14: the end marker is damaged'],
  ],
  [
    'text after the end marker',
    `${HEADER}; end domains=0 active=0 reason=first sha256=${'0'.repeat(64)}\nx. IN A 192.0.2.1\n`,
    ['15: text after the end marker'],
  ],
  ['a serial too large', HEADER.replace('1763800000', '4294967296'), ['13: no SOA record with a serial in the header']],
  ['comments of any kind', `${HEADER}; for people\n;x IN A\n;\n\n`, []],
] as const) {
  test(`faults: ${title}`, () => {
    assert.deepEqual(
      parseAnyhost(text).faults.map(({ line, reason }) => `${line}: ${reason}`),
      expected,
    )
  })
}

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)
const owner = fc
  .tuple(fc.constantFrom('', '*.'), fc.array(label, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '.'))
  .map(([star, labels, dot]) => star + labels.join('.') + dot)
const measure = fc.record({
  time: fc.oneof(
    fc.constant(Number.POSITIVE_INFINITY),
    fc.integer({ min: 0, max: 10 ** 12 }).map(micro => Number((micro / 1e6).toFixed(6))),
  ),
  kind: fc.constantFrom('ip' as const, 'backup' as const),
  status: fc.constantFrom(...STATUSES),
  code: fc.stringMatching(/^\d{3}$/),
  slow: fc.boolean(),
})
const line: fc.Arbitrary<ZoneLine> = fc.oneof(
  fc.record({ rr: fc.constant('A' as const), active: fc.boolean(), address: fc.ipV4(), measure }),
  fc.record({
    rr: fc.constant('A' as const),
    active: fc.constant(true),
    address: fc.ipV4(),
    measure: fc.constant(null),
  }),
  fc.record({
    rr: fc.constant('AAAA' as const),
    active: fc.boolean(),
    address: fc.constantFrom('::1', '2001:db8::5'),
    measure,
  }),
  fc.record({ rr: fc.constant('CNAME' as const), active: fc.constant(true as const), target: owner }),
)
const zone: fc.Arbitrary<AnyhostZone> = fc.record({
  serial: fc.integer({ min: 0, max: 0xffffffff }),
  blocks: fc.uniqueArray(fc.record({ owner, lines: fc.array(line, { minLength: 1, maxLength: 5 }) }), {
    selector: block => block.owner,
    maxLength: 8,
  }),
  end: fc.option(
    fc.record({
      domains: fc.nat(1e6),
      active: fc.nat(1e6),
      reason: fc.constantFrom('first', 'failure'),
      mass: fc.option(fc.integer({ min: 0, max: 0xffffffff })),
      sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    }),
  ),
})

test('round trip: parse(render(x)) = x (formats 17.10)', () => {
  fc.assert(
    fc.property(zone, x => {
      assert.deepEqual(
        JSON.parse(JSON.stringify(parseAnyhost(renderAnyhost(x)))),
        JSON.parse(JSON.stringify({ ...x, faults: [] })),
      )
    }),
  )
})

test('any text is read without an exception, and any cut of a sealed file is a fault or has no marker', () => {
  fc.assert(fc.property(fc.string(), text => void parseAnyhost(text)))
  fc.assert(
    fc.property(zone, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (x, share) => {
      const text = renderAnyhost(x)
      const cut = parseAnyhost(text.slice(0, Math.floor(text.length * share)))
      assert.ok(cut.faults.length > 0 || cut.end === null)
    }),
  )
})

test('active sets: sorted, absolute and in lower case; comments and order are no part of them', () => {
  const one = {
    blocks: [
      { owner: 'X.com', lines: [a('192.0.2.2'), a('192.0.2.1'), a('192.0.2.3', false)] },
      { owner: '*.', lines: SAMPLE_BLOCKS[0]?.lines ?? [] },
    ],
  }
  const two = {
    blocks: [
      { owner: 'x.com.', lines: [a('192.0.2.1', true, { time: 9 }), a('192.0.2.2')] },
      { owner: 'quiet.', lines: [a('192.0.2.1', false)] },
    ],
  }
  assert.deepEqual(
    [...activeSets(one)],
    [
      ['x.com.', 'A 192.0.2.1, A 192.0.2.2'],
      ['*.', 'CNAME wild.'],
    ],
  )
  assert.deepEqual(compareActive(activeSets(one), activeSets(two)), ['*.'])
  assert.deepEqual(compareActive(activeSets(two), activeSets(one)), ['*.'])
  assert.deepEqual([...publishedAddresses(one)], [['x.com.', ['192.0.2.2', '192.0.2.1']]])
  assert.deepEqual(countRecords(one), { domains: 2, active: 3 })
})
