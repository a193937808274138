import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkOf } from '../../../lib/model/check.ts'
import { mergeDomainConfs, parseDomainConf } from '../../../lib/model/domain-conf.ts'
import { Target } from '../../../lib/model/target.ts'
import { lineOf, NOW, parse, parseOne } from './domain-conf-lines.ts'

const EXAMPLE = `\
#Host Info Detect Times WarnTime(S) good_time(s) Len(Byte) Good_Ip Modify Backup Method Code Ip
*.       N N 1 3 2 512 1 Y wild Y 200 0.0.0.0
*.com.   N N 1 3 2 512 1 Y wild Y 200 0.0.0.0
wild.    N N 1 3 2 512 1 Y no   Y 200 192.0.2.10
img.example.com   N Y 2 0.8 0.5 2048 2 Y 198.51.100.7|198.51.100.8 GET:img.example.com/2M.dat 2**|30* 192.0.2.21|192.0.2.22:192.0.2.23
api.example.com   N Y 1 2.0 1.0 1024 1 Y no Y 200|404 203.0.113.5 Y 8080 Y 100:0 3 Y 1 5 2.5
`

const request = (host: string, path: string) => ({ verb: 'GET', host, path, body_file: null, body_type: null }) as const

/** A row of 13 columns that is not probed: what the first three of the example have in common. */
const quiet = (line: number, domain: string, backup_word: string, ip: string[]): Target => ({
  type: 'target',
  domain,
  file: 'domain.conf',
  line,
  info: 'N',
  detect: false,
  times: 1,
  warn_time: 3,
  good_time: 2,
  margin: null,
  limit: 512,
  publish: 1,
  modify: true,
  backup_word,
  request: request(domain.slice(0, -1), '/1700000000.jpg'),
  referer_request: null,
  codes: ['200'],
  port: 80,
  scheme: 'http',
  use_dns: false,
  dns_reuse: 0,
  dns_failures: null,
  referer_weight: 0,
  sort: true,
  tcp_interval: null,
  http_interval: null,
  timeout: null,
  ip,
  backup: [],
  dns: [],
  way: null,
})

test('formats 16: the example', async () => {
  const conf = await parse(EXAMPLE)
  const img: Target = {
    ...quiet(5, 'img.example.com.', 'no', ['192.0.2.21', '192.0.2.22', '192.0.2.23']),
    detect: true,
    times: 2,
    warn_time: 0.8,
    good_time: 0.5,
    limit: 2048,
    publish: 2,
    backup_word: null,
    request: request('img.example.com', '/2M.dat'),
    codes: ['2**', '30*'],
    backup: ['198.51.100.7', '198.51.100.8'],
  }
  const api: Target = {
    ...quiet(6, 'api.example.com.', 'no', ['203.0.113.5']),
    detect: true,
    warn_time: 2,
    good_time: 1,
    limit: 1024,
    codes: ['200', '404'],
    referer_request: request('api.example.com', '/1700000000.jpg'),
    port: 8080,
    use_dns: true,
    dns_reuse: 3,
    tcp_interval: 1,
    http_interval: 5,
    timeout: 2.5,
  }
  assert.deepEqual(conf, {
    targets: [
      quiet(2, '*.', 'wild', []),
      quiet(3, '*.com.', 'wild', []),
      quiet(4, 'wild.', 'no', ['192.0.2.10']),
      img,
      api,
    ],
    faults: [],
    others: [],
  })
  for (const target of conf.targets) checkOf(Target)(target)
})

test('the examples and the diagnostics of domain.conf(5) are true', async () => {
  const page = readFileSync(new URL('../../../man/domain.conf.5', import.meta.url), 'utf8')
  const [rows = '', short = '', , diagnostics = ''] = [...page.matchAll(/^\.Bd -literal\n([\s\S]*?)^\.Ed$/gm)].map(
    block => block[1],
  )
  // The page accepts 000 too, which a connect-only probe of column 20 has.
  assert.equal(rows, EXAMPLE.replace(' 200|404 ', ' 000|200|404 '))
  assert.equal((await parseOne(short)).target?.ip.length, 3)
  const bad = [
    '\n'.repeat(3),
    lineOf({ 1: 'img.example.com' }),
    '\n'.repeat(5),
    lineOf({ 8: 'x' }),
    lineOf({}, 15),
    lineOf({ 1: 'img.example.com' }),
    lineOf({ 13: '192.0.2.1|192.0.2.1' }),
  ]
  const { faults } = await parse(bad.join('\n'))
  assert.equal(faults.map(({ file, line, reason }) => `${file}:${line}: ${reason}\n`).join(''), diagnostics)
})

test('formats 2.1: blank lines, comments, leading blanks, tabs, CR, a BOM and a missing last line end', async () => {
  const text = `\ufeff${lineOf({}, 13)}\r\n\r\n  # comment\n\0x\n\t ${lineOf({ 1: 'b.com' }, 19).replaceAll(' ', ' \t ')} \t\r\n${lineOf({ 1: 'c.com' }, 21)}`
  const { targets, faults } = await parse(text)
  assert.deepEqual(faults, [])
  assert.deepEqual(
    targets.map(({ domain, line }) => [domain, line]),
    [
      ['a.example.com.', 1],
      ['b.com.', 5],
      ['c.com.', 6],
    ],
  )
})

test('formats 2.1: a line of 8191 bytes is read, a longer one is an error', async () => {
  const padded = (bytes: number) => lineOf({ 2: 'N'.repeat(bytes - lineOf({ 2: '' }, 13).length) }, 13)
  assert.equal((await parseOne(padded(8191))).told.length, 0)
  assert.deepEqual(await parseOne(padded(8192)), {
    target: undefined,
    told: ['error: the line is longer than 8191 bytes'],
  })
  const wide = lineOf({ 2: 'ü'.repeat(5000) }, 13)
  assert.deepEqual((await parseOne(wide)).told, ['error: the line is longer than 8191 bytes'])
  const cut = await parseDomainConf([{ line: 7, text: undefined }], null, { now: NOW })
  assert.deepEqual(cut.faults, [{ file: null, line: 7, severity: 'error', reason: 'the line is too long' }])
})

test('formats 2.1: the first record of a host wins, in any spelling, over all files', async () => {
  const options = { now: NOW }
  const one = await parseDomainConf(`${lineOf({}, 13)}\n${lineOf({ 1: 'A.Example.com.' }, 13)}`, 'one', options)
  const two = await parseDomainConf(
    `${lineOf({ 1: 'b.com', 4: 'x' }, 13)}\n${lineOf({ 1: 'a.EXAMPLE.com' }, 13)}`,
    'two',
    options,
  )
  const three = await parseDomainConf(`${lineOf({ 1: 'b.com' }, 13)}`, null, options)
  const four = await parseDomainConf(`{"type":"note"}\n${lineOf({ 1: 'b.com' }, 13)}`, null, options)
  const merged = mergeDomainConfs([one, two, three, four])
  assert.deepEqual(
    merged.targets.map(({ domain, file }) => [domain, file]),
    [
      ['a.example.com.', 'one'],
      ['b.com.', null],
    ],
  )
  assert.deepEqual(
    merged.faults.map(({ file, line, severity, reason }) => `${file}:${line}: ${severity}: ${reason}`),
    [
      "one:2: error: host 'A.Example.com.' is already at one:1",
      "two:1: error: column 4 (Times) is not a number: 'x'",
      "two:2: error: host 'a.EXAMPLE.com.' is already at one:1",
      "null:2: error: host 'b.com.' is already at line 1",
    ],
  )
  assert.deepEqual(merged.others, ['{"type":"note"}'])
})

test('the lines may come as a stream', async () => {
  async function* lines() {
    yield { line: 1, text: lineOf({}, 13) }
    yield { line: 2, text: lineOf({ 1: 'b.com' }, 13) }
  }
  assert.equal((await parseDomainConf(lines(), null, { now: NOW })).targets.length, 2)
})

/** title, line, domain, addresses */
const short: readonly [string, string, string, readonly string[]][] = [
  ['two addresses', 'a.com 192.0.2.1|192.0.2.2', 'a.com.', ['192.0.2.1', '192.0.2.2']],
  ['blanks between', 'a.com. 192.0.2.1  192.0.2.2\t192.0.2.3', 'a.com.', ['192.0.2.1', '192.0.2.2', '192.0.2.3']],
  ['IPv6', 'a.com 2001:db8::1|192.0.2.1', 'a.com.', ['2001:db8::1', '192.0.2.1']],
  ['a wildcard', '*.com 192.0.2.1', '*.com.', ['192.0.2.1']],
  [
    '13 fields',
    `a.com ${Array.from({ length: 12 }, (_, at) => `10.0.0.${at + 1}`).join(' ')}`,
    'a.com.',
    Array.from({ length: 12 }, (_, at) => `10.0.0.${at + 1}`),
  ],
]
for (const [title, line, domain, ip] of short) {
  test(`the short form: ${title}`, async () => {
    const { target, told } = await parseOne(line)
    assert.deepEqual(told, [])
    assert.equal(target?.domain, domain)
    assert.deepEqual(target?.ip, ip)
    assert.deepEqual(target?.request, request(domain.slice(0, -1), '/'))
    checkOf(Target)(target)
  })
}

/** line, what is said */
const badShort: readonly [string, readonly string[]][] = [
  ['a.com 192.0.2.1:192.0.2.2', ["error: not an IP address: '192.0.2.1:192.0.2.2'"]],
  ['a.com wild', ["error: not an IP address: 'wild'"]],
  ['a_b.com 192.0.2.1', ["error: the domain is not a legal host name: 'a_b.com'"]],
  ['a.com |', ['error: no address that can be used']],
  ['a.com fe80::1%eth0', ["error: not an IP address: 'fe80::1%eth0'"]],
  [
    'a.com ff02::1',
    ["warning: addresses: 'ff02::1' is no usable address, dropped", 'error: no address that can be used'],
  ],
]
for (const [line, told] of badShort) {
  test(`the short form: '${line}' is an error`, async () => {
    assert.deepEqual(await parseOne(line), { target: undefined, told })
  })
}

test('the short form: a repeat in another spelling is a warning', async () => {
  const { target, told } = await parseOne('a.com ::1|0:0::1')
  assert.deepEqual([target?.ip, told], [['::1'], ["warning: addresses: '0:0::1' is repeated, dropped"]])
})

test('target records: what is written is read again, with an unknown field kept', async () => {
  const { targets } = await parse(EXAMPLE)
  const lines = targets.map(target => JSON.stringify({ ...target, way: 'HTTP', note: 1 }))
  const again = await parse(`\n${lines.join('\n')}`)
  assert.deepEqual(again.faults, [])
  assert.deepEqual(
    again.targets,
    targets.map(target => ({ ...target, note: 1 })),
  )
})

test('target records: the schema, names, addresses and requests are checked', async () => {
  const [good] = (await parse(lineOf({}, 13))).targets
  const reasons = async (change: object) => (await parseOne(JSON.stringify({ ...good, ...change }))).told
  assert.deepEqual(await reasons({}), [])
  assert.match((await reasons({ port: 'x' })).join(), /^error: field 'port' must be integer/)
  assert.deepEqual(await reasons({ domain: 'a..b', ip: ['0.0.0.0', 'x'], codes: ['20'] }), [
    "error: field 'domain' is not a domain name: 'a..b'",
    "error: field 'ip' has no usable address: '0.0.0.0'",
    "error: field 'ip' has no usable address: 'x'",
    "error: field 'codes' has no code like 200, 30* or 2**: '20'",
  ])
  assert.deepEqual(await reasons({ request: { ...good?.request, host: 'a\r\nX: y', path: 'x' } }), [
    "error: field 'request.host' is not a host: 'a??X: y'",
    "error: field 'request.path' is not a path: 'x'",
  ])
  assert.deepEqual(await reasons({ referer_request: { ...good?.request, verb: 'POST', body_type: 'a\nb' } }), [
    "error: field 'referer_request.body_file' must be a file for POST",
    "error: field 'referer_request.body_type' is not a type: 'a?b'",
  ])
  assert.deepEqual((await parseOne('{"type":"target"')).told, ['error: not JSON'])
})

test('records of other types are passed on unchanged', async () => {
  const lines = ['{"type":"note", "x": 1}', '{}', '{"type":1}']
  assert.deepEqual(await parse(lines.join('\n')), { targets: [], faults: [], others: lines })
})

const field = fc.oneof(
  fc.constantFrom(
    'Y',
    'N',
    'wild',
    '0.0.0.0',
    '192.0.2.1|192.0.2.2',
    '::1',
    '*',
    '{',
    '100:0',
    'POST:a/b|c',
    '1%2',
    '-0',
  ),
  fc.integer().map(String),
  fc.double().map(String),
  fc.string({ unit: 'binary' }),
)
const line = fc.oneof(
  fc.array(field, { maxLength: 25 }).map(fields => fields.join(' ')),
  fc
    .dictionary(fc.integer({ min: 1, max: 23 }).map(String), field)
    .chain(columns => fc.constantFrom(13, 19, 21, 22, 23).map(count => lineOf(columns, count))),
  fc.json(),
  fc.string({ unit: 'binary' }),
)

test('whatever the text: nothing is thrown, faults have a line, targets are whole and their hosts differ', async () => {
  const check = checkOf(Target)
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), async lines => {
      const text = lines.join('\n')
      const { targets, faults } = await parse(text)
      const count = text.split('\n').length
      for (const fault of faults) {
        assert.ok(Number.isInteger(fault.line) && fault.line >= 1 && fault.line <= count, `${fault.line}`)
        assert.ok(!/[\0-\x1f]/.test(fault.reason), fault.reason)
      }
      for (const target of targets) check(JSON.parse(JSON.stringify(target)))
      assert.equal(new Set(targets.map(({ domain }) => domain.toLowerCase())).size, targets.length)
    }),
    { numRuns: 500 },
  )
})
