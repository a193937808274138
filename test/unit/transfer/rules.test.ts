import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChecksum } from '../../../lib/transfer/download-order.ts'
import { Floor } from '../../../lib/transfer/floor.ts'
import { parseSize, parseTime, toFtpPath } from '../../../lib/transfer/ftp-rules.ts'
import { parseContentRange, redirect } from '../../../lib/transfer/http-rules.ts'
import { findLogin } from '../../../lib/transfer/netrc.ts'
import { parseNote, renderNote } from '../../../lib/transfer/part-note.ts'
import { ProgressLine, renderBytes, renderTime } from '../../../lib/transfer/progress-line.ts'
import { Rate } from '../../../lib/transfer/rate.ts'

const PATHS: readonly [path: string, directory: string, name: string][] = [
  ['/file', '', 'file'],
  ['/dir/sub/file', 'dir/sub', 'file'],
  ['/%2Fetc/hosts', '/etc', 'hosts'],
  ['/a%20b/c%20d;type=i', 'a b', 'c d'],
]
for (const [path, directory, name] of PATHS) {
  test(`B50: the path '${path}' by FTP`, () => assert.deepEqual(toFtpPath(path), { directory, name }))
}

test('B50: a path by FTP that names no file, or holds the end of a command', () => {
  for (const path of ['/', '/dir/', '/a%0db', '/a%0Ab', '/a%00']) assert.throws(() => toFtpPath(path))
})

test('B50: SIZE and MDTM', () => {
  assert.equal(parseSize('213 123'), 123)
  assert.equal(parseSize('213 123, more or less'), 123)
  assert.equal(parseSize('550 no'), null)
  for (const lie of ['213 -5', '213 many', '213 99999999999999999999']) assert.throws(() => parseSize(lie), /is none/)
  assert.equal(parseTime('213 20261122030000'), '20261122030000')
  assert.equal(parseTime('213 20261122030000.123'), '20261122030000.123')
  assert.equal(parseTime('550 no'), null)
})

test('B50: Content-Range', () => {
  assert.deepEqual(parseContentRange('bytes 0-0/100'), { from: 0, size: 100 })
  assert.deepEqual(parseContentRange('bytes 5-9/*'), { from: 5, size: null })
  for (const text of [
    undefined,
    '',
    'bytes */100',
    'bytes 9-5/100',
    'bytes 0-100/100',
    'lines 0-0/1',
    'bytes 0-0/-1',
  ]) {
    assert.equal(parseContentRange(text), undefined)
  }
})

const REDIRECTS: readonly [from: string, location: string | undefined, to: string | null][] = [
  ['http://a/x', '/y', 'http://a/y'],
  ['http://a/x', 'https://b/y', 'https://b/y'],
  ['https://a/x', 'https://me:secret@b/y#z', 'https://b/y'],
  ['https://a/x', 'http://a/y', null],
  ['http://a/x', 'ftp://a/y', null],
  ['http://a/x', 'file:///etc/shadow', null],
  ['http://a/x', undefined, null],
  ['http://a/x', 'http://', null],
]
for (const [from, location, to] of REDIRECTS) {
  test(`B50: a redirect from ${from} to ${location}`, () => {
    if (to === null) assert.throws(() => redirect(new URL(from), location), /redirect/)
    else assert.equal(redirect(new URL(from), location).href, to)
  })
}

test('B50: a login from a netrc file', () => {
  const text =
    'machine one login a password b\nmachine two\n login c\n account x password d\ndefault login e password f\n'
  assert.deepEqual(findLogin(text, 'one'), { user: 'a', password: 'b' })
  assert.deepEqual(findLogin(text, 'two'), { user: 'c', password: 'd' })
  assert.deepEqual(findLogin(text, 'one', 'e'), { user: 'e', password: 'f' })
  assert.equal(findLogin(text, 'two', 'a'), null)
  assert.deepEqual(findLogin(text, 'three'), { user: 'e', password: 'f' })
  assert.equal(findLogin('machine one login a password b', 'other'), null)
  assert.equal(findLogin('machine one', 'one'), null)
})

test('B50: a checksum names its kind', () => {
  const hex = 'aB'.repeat(32)
  assert.equal(parseChecksum(`SHA256:${hex}`), hex.toLowerCase())
  assert.equal(parseChecksum(`sha256:${hex}`), hex.toLowerCase())
  assert.throws(() => parseChecksum(`MD5:${hex}`), /a checksum by MD5: only SHA256 is known/)
  assert.throws(() => parseChecksum(hex), /not of the form/)
  assert.throws(() => parseChecksum('SHA256:'), /64 hexadecimal/)
  assert.throws(() => parseChecksum(`SHA256:${hex}0`), /64 hexadecimal/)
})

test('B50: a note of what is there is taken only where it can be true', () => {
  const note = { url: 'ftp://a/b', size: 10, stamp: 'x', spans: [[0, 5]] as const }
  assert.deepEqual(parseNote(renderNote(note)), note)
  for (const wrong of [
    '',
    'null',
    '[]',
    '{}',
    renderNote({ ...note, size: -1 }),
    renderNote({ ...note, spans: [[5, 11]] }),
    renderNote({ ...note, spans: [[5, 5]] }),
    renderNote({ ...note, spans: [[0.5, 2]] }),
  ]) {
    assert.equal(parseNote(wrong), null)
  }
})

test('B50: the rate is kept over many pieces of several connections, and a pause is not caught up on', () => {
  const rate = new Rate(1000)
  let now = 5
  for (let i = 0; i < 100; i++) now += rate.take(100, now)
  assert.ok(Math.abs(now - 5 - 10) < 0.101, String(now))
  now += 60
  const waits = [0, 1, 2, 3].map(() => rate.take(1000, now))
  assert.ok((waits[3] ?? 0) > 3.8 && (waits[3] ?? 0) < 4, String(waits))
  assert.equal(new Rate(0).take(1e9, 0), 0)
})

test('B50: what may come ahead of the rate: an eighth of a second of it, within reason', () => {
  assert.deepEqual(
    [0, 100, 1024 * 1024, 1e9].map(rate => new Rate(rate).ahead),
    [262144, 16384, 131072, 262144],
  )
})

test('B50: a transfer that drips is given up at the second look; what fell silent, or was held up, is not counted', () => {
  const looks = (rate: Rate, came: readonly number[]) => {
    const floor = new Floor(rate, 10, 5000)
    let bytes = 5000
    return came.map((more, i) => {
      bytes += more
      return floor.isTooSlow(bytes, 10 * (i + 1))
    })
  }
  const none = new Rate(0)
  assert.deepEqual(looks(none, [999, 999, 999]), [false, true, true])
  assert.deepEqual(looks(none, [999, 1000, 1, 1]), [false, false, false, true])
  assert.deepEqual(looks(none, [0, 0, 0]), [false, false, false])
  assert.deepEqual(looks(none, [5, 0, 5]), [false, false, true])
  const slow = new Rate(10)
  slow.take(1000, 0)
  assert.deepEqual(looks(slow, [1, 1, 1, 1]), [false, false, false, false])
  assert.deepEqual(looks(slow, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]).indexOf(true), 11)
})

test('B50: the line of the progress: a bar, how far, how fast, the time left', () => {
  const line = new ProgressLine('a-name-that-is-longer-than-that')
  assert.equal(line.text(0, 1e6, 0), 'a-name-that-is-long…: [..........] 0 %, 0 B of 977 KB')
  assert.equal(
    line.text(250_000, 1e6, 1),
    'a-name-that-is-long…: [##........] 25 %, 244 KB of 977 KB, 244 KB/s, 0:03 left',
  )
  assert.equal(
    line.text(1e6, 1e6, 2),
    'a-name-that-is-long…: [##########] 100 %, 977 KB of 977 KB, 488 KB/s, 0:00 left',
  )
  assert.equal(new ProgressLine('none').text(0, 0, 0), 'none: [##########] 100 %, 0 B of 0 B')
})

test('B50: the line of the progress holds nothing that a terminal obeys', () => {
  assert.equal(new ProgressLine('a\x1b[2Jb').text(0, null, 0), 'a?[2Jb: 0 B')
})

test('B50: bytes and times as people read them', () => {
  assert.deepEqual([0, 999, 1434, 240e6, 5e12].map(renderBytes), ['0 B', '999 B', '1.4 KB', '229 MB', '4.5 TB'])
  assert.deepEqual([0, 6.2, 750, 10800].map(renderTime), ['0:00', '0:07', '12:30', '3:00:00'])
})
