import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Installed, packageStatePath, parseInstalled } from '../../../lib/model/installed.ts'

/** the text of a state, what it says */
const rows: readonly [string, Installed | null][] = [
  ['{"version":"1.0","begun":null,"more":1}', { version: '1.0', half: false, how: null }],
  ['{"version":"1.0","begun":"1.1"}', { version: '1.0', half: true, how: null }],
  ['{"version":null,"begun":"1.1"}', { version: null, half: true, how: null }],
  ['{"version":null,"begun":null}', { version: null, half: false, how: null }],
  [
    '{"version":"1.0","begun":null,"kept":[{"version":"0.9","how":"rpm"},7,{"version":"1.0","how":"tar"}]}',
    { version: '1.0', half: false, how: 'tar' },
  ],
  [
    '{"version":"1.0","begun":"1.1","kept":[{"version":"1.1","how":"deb"}]}',
    { version: '1.0', half: true, how: 'deb' },
  ],
  ['{"version":"1.0","begun":null,"kept":7}', { version: '1.0', half: false, how: null }],
  ['{"version":7,"begun":null}', null],
  ['{"version":"1.0"}', null],
  ['[]', null],
  ['null', null],
  ['{"version":"1.0","beg', null],
]
for (const [text, installed] of rows) {
  test(`B49: what is installed, by ${text}`, () => assert.deepEqual(parseInstalled(text), installed))
}

test('B49: where that stands', () => {
  assert.equal(packageStatePath('/base', 'web'), '/base/packages/web.json')
})
