import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applyAuthDomain, parseAuthDomain } from '../../../lib/model/auth-domain.ts'
import { lineOf, parse } from './domain-conf-lines.ts'

const read = (text: string) => parseAuthDomain(text, 'auth_domain.conf')

test('formats 16: the example', () => {
  const { domains, faults } = read('pay.example.com pay.example.com/health/2M.dat 192.0.2.31|192.0.2.32\n')
  assert.deepEqual(faults, [])
  assert.deepEqual(domains, [
    {
      file: 'auth_domain.conf',
      line: 1,
      domain: 'pay.example.com',
      host: 'pay.example.com',
      path: '/health/2M.dat',
      ips: ['192.0.2.31', '192.0.2.32'],
    },
  ])
})

/** title, text, what is said */
const texts: readonly [string, string, readonly string[]][] = [
  ['blank lines and comments', '\n \t\n# a b c d\n', []],
  ['two fields', 'a.com a.com/x', ['1: error: has 2 fields, not 3 (domain url ip|ip...)']],
  ['four fields', 'a.com a.com/x 10.0.0.1 10.0.0.2', ['1: error: has 4 fields, not 3 (domain url ip|ip...)']],
  ['no domain', 'a..b a.com/x 10.0.0.1', ["1: error: field 1 (domain) is not a domain name: 'a..b'"]],
  [
    'a scheme',
    'a.com http://a.com/x 10.0.0.1',
    ["1: error: field 2 (url) does not begin with a host (no scheme): 'http://a.com/x'"],
  ],
  ['no host', 'a.com /x 10.0.0.1', ["1: error: field 2 (url) does not begin with a host (no scheme): '/x'"]],
  ['a control character', 'a.com a.com/\x01 10.0.0.1', ["1: error: field 2 (url) is not printable ASCII: 'a.com/?'"]],
  [
    'a colon between addresses',
    'a.com a.com/x 10.0.0.1:10.0.0.2',
    ["1: error: field 3 (ip) is not an IPv4 address: '10.0.0.1:10.0.0.2'"],
  ],
  [
    'a repeated address',
    'a.com a.com/x 10.0.0.1|10.0.0.1',
    ["1: warning: field 3 (ip): '10.0.0.1' is repeated, dropped"],
  ],
  [
    'no usable address',
    'a.com a.com/x 0.0.0.0',
    [
      "1: warning: field 3 (ip): '0.0.0.0' is no usable address, dropped",
      '1: error: field 3 (ip) has no usable address',
    ],
  ],
  [
    'a repeated domain',
    'a.com a.com/x 10.0.0.1\nA.com. a.com/y 10.0.0.2',
    ["2: error: domain 'a.com' is already on line 1"],
  ],
]
for (const [title, text, told] of texts) {
  test(`auth_domain.conf (formats 5): ${title}`, () => {
    assert.deepEqual(
      read(text).faults.map(({ line, severity, reason }) => `${line}: ${severity}: ${reason}`),
      told,
    )
  })
}

test('formats 5: the list and the URL replace columns 10, 11 and 13; the word and the thresholds stay', async () => {
  const { targets } = await parse(
    `${lineOf({ 15: '443', 16: 'Y', 17: '50:50', 10: '10.9.9.9|yes' })}\n${lineOf({ 1: 'b.com' })}`,
  )
  const { domains } = read('A.example.com. pay.example.com/x 10.0.0.1|10.0.0.2\nno.example p/x 10.0.0.3')
  const applied = applyAuthDomain(targets, domains)
  const [first, second] = applied.targets
  assert.deepEqual(first, {
    ...targets[0],
    request: { verb: 'GET', host: 'pay.example.com', path: '/x', body_file: null, body_type: null },
    referer_request: null,
    referer_weight: 0,
    port: 80,
    scheme: 'http',
    use_dns: false,
    ip: ['10.0.0.1', '10.0.0.2'],
    backup: [],
  })
  assert.equal(first?.backup_word, 'yes')
  assert.equal(second, targets[1])
  assert.deepEqual(applied.faults, [
    {
      file: 'auth_domain.conf',
      line: 2,
      severity: 'warning',
      reason: "domain 'no.example' is not configured, ignored",
    },
  ])
})

test('auth_domain.conf: whatever the text, nothing is thrown', () => {
  const field = fc.oneof(
    fc.constantFrom('a.com', 'a.com/x', '10.0.0.1|10.0.0.2', '0.0.0.0'),
    fc.string({ unit: 'binary' }),
  )
  const text = fc
    .array(fc.array(field, { maxLength: 4 }).map(fields => fields.join(' ')))
    .map(lines => lines.join('\n'))
  fc.assert(
    fc.property(text, value => {
      const { domains, faults } = read(value)
      assert.ok(faults.every(({ line }) => line >= 1))
      assert.ok(domains.every(({ ips, path }) => ips.length > 0 && path.startsWith('/')))
    }),
  )
})
