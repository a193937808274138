import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandEnd } from '../../../lib/agent/task-command.ts'
import { fetchAnswer, fetchPlace, fetchRequest } from '../../../lib/agent/task-fetch.ts'
import { errcodeOf } from '../../../lib/model/errcodes.ts'

const deed = {
  deed: 'download',
  name: 'web',
  version: '1.0',
  url: 'ftp://u:p@h/web-1.0.x86_64.rpm',
  checksum: 'ab'.repeat(32),
  speed: 100,
} as const

test('B46 B50: ftp-get is told by a record, which no list of processes shows: address, checksum and speed', () => {
  assert.deepEqual(JSON.parse(fetchRequest(deed, '/tmp/web')), {
    type: 'download',
    url: deed.url,
    output: '/tmp/web',
    checksum: `SHA256:${'ab'.repeat(32)}`,
    speed: 100,
  })
  assert.equal(JSON.parse(fetchRequest({ ...deed, checksum: null }, '/tmp/web')).checksum, null)
})

/** url, version, the place */
const places: readonly [string, string, string][] = [
  ['ftp://u:p@h:21/a/web-1.0.x86_64.rpm', '1.0', 't/web-1.0.rpm'],
  ['http://h/web.deb?token=x/y.rpm', '1.0', 't/web-1.0.deb'],
  ['https://h/web.tar.gz#x', '1.0', 't/web-1.0.tar.gz'],
  ['file:///a/web.tgz', '1:1.0/2', 't/web-1_1.0_2.tgz'],
  ['http://h/download', '1.0', 't/web-1.0'],
]
for (const [url, version, place] of places) {
  test(`B50: fetched to the same place each time: ${url}`, () =>
    assert.equal(fetchPlace('t', 'web', { url, version }), place))
}

const failed = (status: number | null, reason: string): CommandEnd => ({ status, records: [], reason })

/** how ftp-get has ended, the errcode */
const ends: readonly [CommandEnd, Parameters<typeof errcodeOf>[0]][] = [
  [failed(1, 'x: the answer has status 404'), 'NO_FILE'],
  [failed(64, "'x' is not ftp:"), 'BAD_TASK'],
  [failed(65, 'x: the checksum differs: SHA256 is a, not b'), 'BAD_CHECKSUM'],
  [failed(65, 'x: the file changed meanwhile'), 'TRANSFER'],
  [failed(69, 'x: connection refused'), 'UNREACHABLE'],
  [failed(69, 'x: the connection was closed after 7 bytes of 9'), 'TRANSFER'],
  [failed(74, 'x: unable to write it: no space left on device'), 'NO_SPACE'],
  [failed(74, 'x: unable to write it: read-only file system'), 'TRANSFER'],
  [failed(75, 'x: nothing came within 30 seconds'), 'UNREACHABLE'],
  [failed(77, 'x: the server said: 530 Login incorrect'), 'TRANSFER'],
  [failed(null, 'ftp-get was ended by SIGKILL'), 'TRANSFER'],
  [failed(0, 'ftp-get said nothing'), 'TRANSFER'],
]
for (const [end, name] of ends) {
  test(`B44: ftp-get ended with ${end.status}, ${end.reason}: ${name}`, () =>
    assert.deepEqual(fetchAnswer(end), { type: 'failed', errcode: errcodeOf(name), message: end.reason }))
}

test('B50: the file that was fetched', () => {
  const records = [
    { type: 'other', path: '/no' },
    { type: 'file', path: '/tmp/web' },
  ]
  assert.deepEqual(fetchAnswer({ status: 0, records, reason: '' }), { type: 'file', path: '/tmp/web' })
})
