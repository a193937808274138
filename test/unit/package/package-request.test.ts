import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf, toRepositoryPackage } from '../../../lib/package/package-kind.ts'
import { toPackageRequest } from '../../../lib/package/package-request.ts'
import { versionFile } from '../../../lib/package/package-store.ts'

const VERSIONS = [
  ['1.2.3-x86_64', '1.2.3-x86_64'],
  ['1:2.0~rc1', '1:2.0~rc1'],
  ['..', '%2e.'],
  ['.', '%2e'],
  ['../../etc', '%2e.%2f..%2fetc'],
  ['%2e', '%252e'],
  ['current', '%63urrent'],
  ['a*?[b]{c}\\', 'a%2a%3f%5bb%5d%7bc%7d%5c'],
] as const

for (const [version, wanted] of VERSIONS) {
  test(`B49: version '${version}' is the directory '${wanted}'`, () => assert.equal(versionFile(version), wanted))
}

const SUM = 'a'.repeat(64)
const WRONG = [
  [['a.b', '1', 'f'], {}, /^NAME must be 1 to 50 letters/],
  [['BootAgent', '1', 'f'], {}, /^NAME 'BootAgent' is the daemon itself/],
  [['a'.repeat(51), '1', 'f'], {}, /^NAME must be/],
  [['a', '1 2', 'f'], {}, /^VERSION must be 1 to 64 printable characters without blanks/],
  [['a', 'x'.repeat(65), 'f'], {}, /^VERSION must be/],
  [['a'], {}, /^VERSION is missing/],
  [['a', '1'], { sha256: SUM }, /^--sha256 is of a FILE/],
  [['a', '1', 'f'], { unverified: true }, /^--unverified is of a file whose record comes in/],
  [['a'], { back: true, unverified: true }, /^--unverified is of a file whose record/],
  [['a', '1', 'f'], { back: true }, /^--back takes NAME, or NAME and VERSION, and nothing else/],
  [['a'], { back: true, sha256: SUM }, /^--back takes NAME, or NAME and VERSION, and nothing else/],
  [['a', '1 2'], { back: true }, /^VERSION must be/],
  [['a', '1', 'yum:x'], {}, /^'yum:x' is not yum:NAME-VERSION/],
  [['a', '1', 'apt:x'], {}, /^'apt:x' is not apt:NAME=VERSION/],
  [['a', '1', 'apt:-o=x'], {}, /^'apt:-o=x' is not/],
  [['a', '1', 'yum:x-1 y-2'], {}, /is not yum:NAME-VERSION/],
  [['a', '1', 'yum:--x-1'], {}, /is not yum:NAME-VERSION/],
  [['a', '1', 'apt:x=1'], { sha256: SUM }, /^--sha256 is of a FILE/],
  [['a', '1', 'f'], { sha256: 'abc' }, /^--sha256: 'abc' is not 64 hexadecimal digits/],
] as const

for (const [operands, options, wanted] of WRONG) {
  test(`B8: ${JSON.stringify(operands)} ${JSON.stringify(options)} is wrong usage`, () => {
    const ask = () => toPackageRequest(operands, { back: false, unverified: false, sha256: undefined, ...options })
    assert.throws(ask, { fault: 'usage', message: wanted })
  })
}

test('B8: what a command line asks for', () => {
  const none = { back: false, unverified: false, sha256: undefined }
  assert.deepEqual(toPackageRequest(['a', '1', 'f'], none), {
    name: 'a',
    version: '1',
    undo: null,
    source: { how: 'file', path: 'f', sha256: null },
  })
  assert.deepEqual(toPackageRequest(['a', '1', 'f'], { ...none, sha256: SUM.toUpperCase() }), {
    name: 'a',
    version: '1',
    undo: null,
    source: { how: 'file', path: 'f', sha256: SUM },
  })
  const back = { ...none, back: true }
  assert.deepEqual(toPackageRequest(['a'], back), { name: 'a', version: null, undo: null, source: null })
  assert.deepEqual(toPackageRequest(['a', '1'], back), { name: 'a', version: null, undo: '1', source: null })
  assert.deepEqual(toPackageRequest(['a', '1'], none), { name: 'a', version: '1', undo: null, source: null })
})

test('B49: a package is what its content is, and its name must not say otherwise', () => {
  const gzip = Buffer.from('1f8b0800', 'hex')
  assert.equal(kindOf('a.tar.gz', gzip), 'tar')
  assert.equal(kindOf('a.tgz', gzip), 'tar')
  assert.equal(kindOf('download', gzip), 'tar')
  assert.equal(kindOf('a.rpm', Buffer.from('edabeedb0300', 'hex')), 'rpm')
  assert.equal(kindOf('a.deb', Buffer.from('!<arch>\n')), 'deb')
  assert.throws(() => kindOf('a.rpm', gzip), { fault: 'data', message: "'a.rpm' is no .rpm: its content is tar.gz" })
  assert.throws(() => kindOf('a.tar.gz', Buffer.from('PK')), { fault: 'data' })
  assert.throws(() => kindOf('a', Buffer.alloc(0)), { fault: 'data', message: /^'a' is no package/ })
})

test("B49: what the host's repositories are asked for", () => {
  assert.deepEqual(toRepositoryPackage('yum:basic-agent-1.0-2.el9'), { how: 'yum', spec: 'basic-agent-1.0-2.el9' })
  assert.deepEqual(toRepositoryPackage('apt:basic-agent=1:1.0~rc1-2'), {
    how: 'apt',
    spec: 'basic-agent=1:1.0~rc1-2',
    package: 'basic-agent',
    release: '1:1.0~rc1-2',
  })
  assert.equal(toRepositoryPackage('./apt:x'), null)
})
