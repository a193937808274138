import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applyOriginDomainIp, parseOriginDomainIp } from '../../../lib/model/origin-domain-ip.ts'
import { lineOf, parse } from './domain-conf-lines.ts'

const read = (text: string) => parseOriginDomainIp(text, 'origin_domain_ip')

/** A record with column 16 = Y and column 18 = 3, after `text` has been applied to it. */
async function resolved(text: string, columns: Readonly<Record<number, string>> = {}) {
  const { targets } = await parse(lineOf({ 16: 'Y', 18: '3', ...columns }))
  const { targets: applied, faults } = applyOriginDomainIp(targets, read(text).hosts)
  const { ip, backup, dns, dns_failures } = applied[0] ?? {}
  return { ip, backup, dns, dns_failures, faults: faults.map(({ line, reason }) => `${line}: ${reason}`) }
}

test('formats 16: the example', () => {
  const { hosts, faults } = read('api.example.com origin.example.net 203.0.113.6 0\n')
  assert.deepEqual(
    [...hosts],
    [['api.example.com.', [{ host: 'api.example.com.', ips: ['203.0.113.6'], failures: 0 }]]],
  )
  assert.deepEqual(faults, [])
})

/** title, line, what is said */
const lines: readonly [string, string, readonly string[]][] = [
  ['blank', '  \t', []],
  ['a comment', ' # a', []],
  ['both separators, CR', 'a.com o.net 10.0.0.1:10.0.0.2|10.0.0.3 2\r', []],
  ['no address known', 'a.com o.net 255.255.255.255 4', []],
  ['three fields', 'a.com o.net 10.0.0.1', ['error: has fewer than 4 fields (host origin-name ip[:ip...] failures)']],
  ['five fields', 'a.com o.net 10.0.0.1 0 x', ['warning: what follows field 4 (failures) is ignored']],
  ['no host', 'a..b o.net 10.0.0.1 0', ["error: field 1 (host) is not a domain name: 'a..b'"]],
  ['no address', 'a.com o.net 10.0.0.1:x 0', ["error: field 3 (ip) is not an IPv4 address: 'x'"]],
  ['no count', 'a.com o.net 10.0.0.1 -1', ["error: field 4 (failures) is not a count: '-1'"]],
  ['too long', `a.com o.net 10.0.0.1 ${'0'.repeat(8191)}`, ['error: the line is longer than 8191 bytes']],
]
for (const [title, line, told] of lines) {
  test(`origin_domain_ip (formats 3): ${title}`, () => {
    assert.deepEqual(
      read(`\n${line}`).faults.map(fault => `${fault.severity}: ${fault.reason}`),
      told,
    )
    assert.ok(read(`\n${line}`).faults.every(fault => fault.line === 2 && fault.file === 'origin_domain_ip'))
  })
}

test('formats 17.7: host not found: column 13, backups kept', async () => {
  const { ip, backup, dns, dns_failures } = await resolved('b.com o 10.0.0.1 0', { 10: '10.9.9.9' })
  assert.deepEqual(
    { ip, backup, dns, dns_failures },
    { ip: ['192.0.2.1'], backup: ['10.9.9.9'], dns: [], dns_failures: null },
  )
})

test('formats 17.7: failures within column 18: the resolved addresses, backups kept', async () => {
  const { backup, dns, dns_failures } = await resolved('A.example.COM o 10.0.0.1:10.0.0.1:0.0.0.0:10.0.0.2 3', {
    10: '10.9.9.9',
  })
  assert.deepEqual(
    { backup, dns, dns_failures },
    { backup: ['10.9.9.9'], dns: ['10.0.0.1', '10.0.0.2'], dns_failures: 3 },
  )
})

test('formats 17.7: failures beyond column 18: told, the last known addresses stay', async () => {
  const { dns, dns_failures } = await resolved('a.example.com. o 10.0.0.1 4')
  assert.deepEqual({ dns, dns_failures }, { dns: ['10.0.0.1'], dns_failures: 4 })
})

test('formats 3: several lines of a host are merged; those within column 18 go first', async () => {
  const both = await resolved('a.example.com o1 10.0.0.1:10.0.0.2 0\na.example.com. o2 10.0.0.2:10.0.0.3 2')
  assert.deepEqual([both.dns, both.dns_failures], [['10.0.0.1', '10.0.0.2', '10.0.0.3'], 0])
  const one = await resolved('a.example.com o1 10.0.0.1 9\na.example.com o2 10.0.0.2 2')
  assert.deepEqual([one.dns, one.dns_failures], [['10.0.0.2'], 2])
  const none = await resolved('a.example.com o1 10.0.0.1 9\na.example.com o2 10.0.0.2 5')
  assert.deepEqual([none.dns, none.dns_failures], [['10.0.0.1', '10.0.0.2'], 5])
})

test('formats 3: 255.255.255.255 is absent', async () => {
  const { ip, dns, dns_failures } = await resolved('a.example.com o 255.255.255.255 0')
  assert.deepEqual({ ip, dns, dns_failures }, { ip: ['192.0.2.1'], dns: [], dns_failures: null })
})

test('formats 3: column 16 = N leaves a record as it is', async () => {
  assert.deepEqual((await resolved('a.example.com o 10.0.0.1 0', { 16: 'N' })).dns, [])
})

test('formats 2.2: a record without any address after resolving is left out', async () => {
  const { ip, faults } = await resolved('', { 13: '0.0.0.0' })
  assert.deepEqual([ip, faults], [undefined, ['1: no address: none configured, none resolved']])
  assert.deepEqual((await resolved('a.example.com o 10.0.0.1 0', { 13: '0.0.0.0' })).faults, [])
})

test('origin_domain_ip: whatever the text, nothing is thrown', () => {
  const field = fc.oneof(fc.constantFrom('a.com', '10.0.0.1:10.0.0.2', '0'), fc.string({ unit: 'binary' }))
  const text = fc
    .array(fc.array(field, { maxLength: 6 }).map(fields => fields.join(' ')))
    .map(lines => lines.join('\n'))
  fc.assert(
    fc.property(text, value => {
      const { hosts, faults } = read(value)
      assert.ok(faults.every(({ line }) => line >= 1))
      for (const [, lines] of hosts) assert.ok(lines.every(({ ips }) => ips.length > 0))
    }),
  )
})
