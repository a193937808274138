import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptsGzip, answerFile, matchesTag } from '../../../lib/origin/serve-answer.ts'
import type { Version } from '../../../lib/origin/serve-version.ts'

const ENCODINGS: readonly [string, boolean][] = [
  ['', false],
  ['gzip', true],
  ['GZIP', true],
  ['x-gzip', true],
  ['deflate, gzip;q=0.5', true],
  ['gzip ; q=0.001', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['*', true],
  ['*;q=0', false],
  ['gzip;q=0, *', false],
  ['*;q=0, gzip', true],
  ['identity, br', false],
  ['gzipped', false],
]

for (const [accepted, expected] of ENCODINGS) {
  test(`Accept-Encoding: ${accepted}`, () => assert.equal(acceptsGzip(accepted), expected))
}

const TAGS: readonly [string, boolean][] = [
  ['"a"', true],
  ['W/"a"', true],
  ['"b","a"', true],
  ['"b", W/"a" , "c"', true],
  ['*', true],
  [' * ', true],
  ['"b"', false],
  ['a', false],
  ['', false],
  ['"*"', false],
  ['"A"', false],
]

for (const [tags, expected] of TAGS) {
  test(`If-None-Match: ${tags}`, () => assert.equal(matchesTag(tags, '"a"'), expected))
}

const version: Version = {
  serial: 1,
  domains: 2,
  records: 3,
  reason: null,
  lastModifiedMs: Date.parse('2026-01-02T03:04:05Z'),
  plain: { etag: '"p"', body: Buffer.from('plain'), headers: ['ETag', '"p"'], notModified: ['ETag', '"p"'] },
  gzip: { etag: '"z"', body: Buffer.from('zip'), headers: ['ETag', '"z"'], notModified: ['ETag', '"z"'] },
}

const ANSWERS: readonly [string, Parameters<typeof answerFile>[0], number, string][] = [
  ['no condition', {}, 200, '"p"'],
  ['gzip', { 'accept-encoding': 'gzip' }, 200, '"z"'],
  ['the tag of this form', { 'accept-encoding': 'gzip', 'if-none-match': '"z"' }, 304, '"z"'],
  ['the tag of the other form', { 'accept-encoding': 'gzip', 'if-none-match': '"p"' }, 200, '"z"'],
  ['the same date', { 'if-modified-since': 'Fri, 02 Jan 2026 03:04:05 GMT' }, 304, '"p"'],
  ['an older date', { 'if-modified-since': 'Fri, 02 Jan 2026 03:04:04 GMT' }, 200, '"p"'],
  ['no date', { 'if-modified-since': 'x' }, 200, '"p"'],
  [
    'the tag counts alone',
    { 'if-none-match': '"x"', 'if-modified-since': 'Fri, 02 Jan 2026 03:04:05 GMT' },
    200,
    '"p"',
  ],
]

for (const [title, conditions, status, tag] of ANSWERS) {
  test(`answerFile: ${title}`, () => {
    const answer = answerFile(conditions, version)
    assert.deepEqual([answer.status, answer.headers[1]], [status, tag])
    assert.equal(answer.body === undefined, status === 304)
  })
}

test('answerFile: no version yet', () => {
  const answer = answerFile({ 'if-none-match': '*' }, undefined)
  assert.equal(answer.status, 503)
  assert.deepEqual(answer.headers.slice(-2), ['Retry-After', '5'])
})
