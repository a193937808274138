import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAnyhost, renderAnyhost } from '../../../lib/model/anyhost.ts'
import { renderSealed, sealFault } from '../../../lib/origin/zone-checksum.ts'

const zone = {
  serial: 7,
  blocks: [
    { owner: 'wild.', lines: [{ rr: 'A', active: true, address: '192.0.2.1', measure: null }] },
    { owner: 'x.com.', lines: [{ rr: 'CNAME', active: true, target: 'wild' }] },
  ],
} as const
const sealed = renderSealed(zone, { reason: 'first', mass: null })
const faultOf = (text: string) => sealFault(text, parseAnyhost(text))

test('a sealed file is whole, and its marker names counts and reason (formats 14)', () => {
  assert.match(sealed, /\n; end domains=2 active=2 reason=first sha256=[0-9a-f]{64}\n$/)
  assert.equal(faultOf(sealed), undefined)
  assert.equal(renderAnyhost(parseAnyhost(sealed)), sealed)
})

test('a sealed file names the last mass change', () => {
  const text = renderSealed(zone, { reason: 'edited', mass: 6 })
  assert.match(text, /\n; end domains=2 active=2 reason=edited mass=6 sha256=[0-9a-f]{64}\n$/)
  assert.equal(faultOf(text), undefined)
  assert.equal(renderAnyhost(parseAnyhost(text)), text)
})

for (const [title, text, expected] of [
  ['no marker', renderAnyhost({ ...zone, end: null }), /^there is no end marker/],
  ['a line lost', sealed.replace(/^wild.*\n/m, ''), /^the end marker counts 2 domains, the file has 1$/],
  [
    'a line more',
    sealed.replace(/^(wild.*\n)/m, '$1wild. IN A 192.0.2.2\n'),
    /counts 2 active records, the file has 3$/,
  ],
  ['a changed digit', sealed.replace('192.0.2.1', '192.0.2.2'), /^the checksum of the end marker is not/],
  ['a changed serial', sealed.replace('\t\t7;', '\t\t8;'), /^the checksum of the end marker is not/],
] as const) {
  test(`not whole: ${title}`, () => assert.match(faultOf(text) ?? '', expected))
}
