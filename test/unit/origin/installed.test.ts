import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAnyhost } from '../../../lib/model/anyhost.ts'
import { peerViewOf, publishedOf } from '../../../lib/origin/installed.ts'

const zone = parseAnyhost(`A.example.               IN      A       192.0.2.1       ; 0.100000 ip ip_work 200 N
;A.example.              IN      A       192.0.2.2       ; 0.000000 ip ip_down 000 N
b.example.               IN      A       192.0.2.3       ; inf ip ip_down 000 Y
b.example.               IN      A       192.0.2.1       ; 0.0 ip ip_down 000 Y
c.example.               IN      CNAME   wild
wild                     IN      A       192.0.2.9       ; 0.000000 ip no_detect 000 N
a.example.               IN      A       192.0.2.4       ; 0.100000 backup ip_work 200 N
d.example.\tIN\tA\t192.0.2.8
`)

test('publishedOf: the active addresses by owner, in lower case and with the final dot', () => {
  assert.deepEqual(Object.fromEntries(publishedOf(zone)), {
    'a.example.': { ips: ['192.0.2.1', '192.0.2.4'], down: [], cname: null },
    'b.example.': { ips: ['192.0.2.3', '192.0.2.1'], down: ['192.0.2.3', '192.0.2.1'], cname: null },
    'c.example.': { ips: [], down: [], cname: 'wild' },
    'wild.': { ips: ['192.0.2.9'], down: [], cname: null },
    'd.example.': { ips: ['192.0.2.8'], down: [], cname: null },
  })
})

test('peerViewOf: an address is down where every line of it is, and unknown where it was not measured', () => {
  assert.deepEqual(Object.fromEntries(peerViewOf(zone)), {
    '192.0.2.1': false,
    '192.0.2.2': true,
    '192.0.2.3': true,
    '192.0.2.4': false,
  })
})
