import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addressKey,
  isAddress,
  isDomainName,
  isHostName,
  isIpv4,
  isIpv6,
  isUsableAddress,
  isUsableIpv4,
  nameKey,
  toAbsolute,
  toServerName,
  withoutDot,
} from '../../../lib/model/names.ts'

const label63 = 'a'.repeat(63)
const name253 = `${label63}.${label63}.${label63}.${'b'.repeat(61)}`

/** title, name, may own A records, may be a name at all */
const names: readonly [string, string, boolean, boolean][] = [
  ['a plain name', 'img.example.com', true, true],
  ['with its final dot', 'img.example.com.', true, true],
  ['one label', 'wild.', true, true],
  ['digits first', '3.example.com', true, true],
  ['a wildcard', '*.com.', true, true],
  ['the wildcard of the root', '*.', true, true],
  ['a wildcard inside', 'a.*.com.', false, false],
  ['a wildcard glued on', 'a*.com.', false, false],
  ['two wildcards', '*.*.com.', false, false],
  ['an underscore', '_sip.example.com', false, true],
  ['an underscore inside', 'a_b.example.com', false, true],
  ['a hyphen first', '-a.example.com', false, true],
  ['a hyphen last', 'a-.example.com', false, true],
  ['hyphens inside', 'xn--fiqs8s.example.com', true, true],
  ['nothing', '', false, false],
  ['the root', '.', false, false],
  ['an empty label', 'a..com', false, false],
  ['an empty label first', '.com', false, false],
  ['a label of 63', `${label63}.com`, true, true],
  ['a label of 64', `${label63}a.com`, false, false],
  ['a name of 253', name253, true, true],
  ['a name of 253 with its dot', `${name253}.`, true, true],
  ['a name of 254', `${name253}b`, false, false],
  ['a blank', 'a b.com', false, false],
  ['a comment sign', 'a;b.com', false, false],
  ['a quote', 'a"b.com', false, false],
  ['a backslash', 'a\\.b.com', false, false],
  ['a line end', 'a.com\n', false, false],
  ['not ASCII', 'bücher.example', false, false],
]
for (const [title, name, host, domain] of names) {
  test(`names (formats 8.3): ${title}`, () => {
    assert.equal(isHostName(name), host)
    assert.equal(isDomainName(name), domain)
  })
}

test('names: the final dot and the key', () => {
  assert.equal(toAbsolute('a.com'), 'a.com.')
  assert.equal(toAbsolute('a.com.'), 'a.com.')
  assert.equal(withoutDot('a.com.'), 'a.com')
  assert.equal(withoutDot('a.com'), 'a.com')
  assert.equal(nameKey('WWW.a.COM'), 'www.a.com.')
})

/** Host header, TLS server name (RFC 6066, 3) */
const hosts: readonly [string, string | undefined][] = [
  ['a.com', 'a.com'],
  ['a.com.', 'a.com'],
  ['a.com:8443', 'a.com'],
  ['a.com.:8443', 'a.com'],
  ['192.0.2.1', undefined],
  ['192.0.2.1:443', undefined],
  ['::1', undefined],
  ['2001:db8::1', undefined],
  ['', undefined],
]
for (const [host, name] of hosts) {
  test(`names: the TLS server name for Host '${host}'`, () => assert.equal(toServerName(host), name))
}

/** title, text, an IPv4 address, usable */
const addresses: readonly [string, string, boolean, boolean][] = [
  ['a public one', '192.0.2.10', true, true],
  ['loopback is usable', '127.0.0.2', true, true],
  ['private is usable', '10.1.2.3', true, true],
  ['the highest unicast one', '223.255.255.255', true, true],
  ['none', '0.0.0.0', true, false],
  ['this network', '0.1.2.3', true, false],
  ['multicast', '224.0.0.1', true, false],
  ['reserved', '240.0.0.1', true, false],
  ['broadcast', '255.255.255.255', true, false],
  ['three parts', '192.0.2', false, false],
  ['five parts', '192.0.2.1.1', false, false],
  ['256', '192.0.2.256', false, false],
  ['a leading zero', '192.0.2.01', false, false],
  ['a final dot', '192.0.2.1.', false, false],
  ['a blank', ' 192.0.2.1', false, false],
  ['a line end', '192.0.2.1\n', false, false],
  ['hexadecimal', '0x7f.0.0.1', false, false],
  ['nothing', '', false, false],
]
for (const [title, text, ipv4, usable] of addresses) {
  test(`addresses (formats 14): ${title}`, () => {
    assert.equal(isIpv4(text), ipv4)
    assert.equal(isUsableIpv4(text), usable)
    assert.equal(isUsableAddress(text), usable)
  })
}

test('addresses: IPv6', () => {
  for (const text of ['::1', '2001:db8::1', '::ffff:192.0.2.1', 'FE80::1']) assert.ok(isIpv6(text), text)
  for (const text of ['fe80::1%eth0', '[::1]', '1::2::3', '192.0.2.1', '12345::']) assert.ok(!isIpv6(text), text)
  assert.ok(isUsableAddress('2001:db8::1'))
  assert.ok(isUsableAddress('::1'))
  assert.ok(!isUsableAddress('0:0::0'))
  assert.ok(!isUsableAddress('ff02::1'))
  assert.equal(addressKey('2001:DB8:0:0:0:0:0:1'), '2001:db8::1')
  assert.equal(addressKey('192.0.2.1'), '192.0.2.1')
})

test('addresses: the same judgement as node:net, whatever the text', () => {
  const text = fc.oneof(
    fc.string(),
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4().map(ip => `${ip}.`),
  )
  fc.assert(fc.property(text, value => assert.equal(isAddress(value), isIP(value) !== 0 && !value.includes('%'))))
})
