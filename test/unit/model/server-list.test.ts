import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseServerList, renderServerList, SERVERS_MOST } from '../../../lib/model/server-list.ts'

const GOOD = [
  {
    title: 'a port, and the default one',
    text: 'booter.cargo.com,192.168.9.1:9090',
    is: 'booter.cargo.com:8180,192.168.9.1:9090',
  },
  { title: 'a comma at the end', text: '192.168.9.1:1234,', is: '192.168.9.1:1234' },
  { title: 'blanks and empty entries', text: ' a:1 , ,, b ', is: 'a:1,b:8180' },
  { title: 'duplicates stay', text: 'a,b,a:8180', is: 'a:8180,b:8180,a:8180' },
  { title: 'IPv6 in brackets', text: '[::1]:99,[2001:db8::1]', is: '[::1]:99,[2001:db8::1]:8180' },
  { title: 'TLS', text: 'https://a:443,https://[::1]/', is: 'https://a:443,https://[::1]:8180' },
  { title: 'the first and the last port', text: 'a:1,a:65535', is: 'a:1,a:65535' },
  { title: 'names with a final dot and underscores', text: 'a.b.:7,x_y-z', is: 'a.b.:7,x_y-z:8180' },
  { title: 'none', text: '', is: '' },
  { title: 'only commas', text: ',,', is: '' },
] as const

for (const { title, text, is } of GOOD) {
  test(`B55: a server list: ${title}`, () => {
    const { servers, faults } = parseServerList(text)
    assert.deepEqual(faults, [])
    assert.equal(renderServerList(servers), is)
    assert.deepEqual(parseServerList(is), { servers, faults })
  })
}

const BAD = [
  { entry: 'a:0', reason: 'has a port that is not from 1 to 65535' },
  { entry: 'a:65536', reason: 'has a port that is not from 1 to 65535' },
  { entry: 'a:http', reason: 'is not HOST:PORT' },
  { entry: 'a:', reason: 'is not HOST:PORT' },
  { entry: ':80', reason: 'has no host name or address' },
  { entry: 'a b', reason: 'has no host name or address' },
  { entry: '-a', reason: 'has no host name or address' },
  { entry: 'a..b', reason: 'has no host name or address' },
  { entry: 'a/b', reason: 'has no host name or address' },
  { entry: '1.2.3', reason: 'has no host name or address' },
  { entry: '1.2.3.256', reason: 'has no host name or address' },
  { entry: `${'a'.repeat(64)}.b`, reason: 'has no host name or address' },
  { entry: '::1', reason: 'is an IPv6 address without brackets' },
  { entry: '[1.2.3.4]', reason: 'has no IPv6 address in its brackets' },
  { entry: '[::1', reason: 'is not HOST:PORT' },
  { entry: 'http://a', reason: 'is not HOST:PORT' },
  { entry: 'https://a/path', reason: 'has no host name or address' },
  { entry: 'a/', reason: 'is not HOST:PORT' },
] as const

for (const { entry, reason } of BAD) {
  test(`B55: a server list: '${entry}' is left out and named, the rest is used`, () => {
    const { servers, faults } = parseServerList(`b,${entry},c`)
    assert.equal(renderServerList(servers), 'b:8180,c:8180')
    assert.deepEqual(faults, [`server '${entry}' ${reason}`])
  })
}

test('B55: a login in a server list is not taken, and not told', () => {
  const { servers, faults } = parseServerList('https://me:secret@a,me:secret@b:1')
  assert.deepEqual(servers, [])
  assert.deepEqual(faults, [
    "server 'https://***@a' has a login, which no server takes",
    "server '***@b:1' has a login, which no server takes",
  ])
})

test('B55: a server list is bounded, and what is beyond is named', () => {
  const { servers, faults } = parseServerList('a,'.repeat(SERVERS_MOST) + 'b:1')
  assert.equal(servers.length, SERVERS_MOST)
  assert.deepEqual(faults, ["server 'b:1' is one more than 50"])
})
