import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFailure, lastLines, toolFailure } from '../../../lib/package/tool-fault.ts'

const ROWS = [
  ['dpkg: error: dpkg frontend lock was locked by another process with pid 12', 'again'],
  ['dpkg: error: dpkg database lock was locked by another process with pid 12', 'again'],
  ['dpkg: error: dpkg status database is locked by another process', 'again'],
  ['E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 12 (apt-get)', 'again'],
  ['E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?', 'again'],
  ["error: can't create transaction lock on /var/lib/rpm/.rpm.lock (Resource temporarily unavailable)", 'again'],
  ['Another app is currently holding the yum lock; waiting for it to exit...', 'again'],
  ["error: can't create transaction lock on /var/lib/rpm/.rpm.lock (Permission denied)", 'permission'],
  ['dpkg: error: requested operation requires superuser privilege', 'permission'],
  ['E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?', 'permission'],
  ['Error: This command has to be run with superuser privileges (under the root user on most systems).', 'permission'],
  ["cannot copy extracted data for './x' to '/x': failed to write (No space left on device)", 'io'],
  ['\tinstalling package a-1-1.noarch needs 12MB more space on the / filesystem', 'io'],
  ['You need to be root to perform this command.', 'permission'],
  ["dpkg: error: cannot scan updates directory '/var/lib/dpkg/updates/': Permission denied", 'permission'],
  ['error: unpacking of archive failed on file /x;1: cpio: open failed - Permission denied', 'permission'],
  ['warning: waiting for transaction lock on /var/lib/rpm/.rpm.lock', 'again'],
  ['Error: Transaction test error:\n  installing package a-1 needs 3KB more space on the /x filesystem', 'io'],
  ['cat: /secret: Permission denied\ndpkg: error processing package a (--install):', 'no'],
  ["error: sqlite failure: RELEASE 'rwlock': database or disk is full", 'io'],
  ['error: Failed dependencies:\n\tlibx is needed by a-1-1', 'no'],
  ['', 'no'],
] as const

const WORDS = {
  again: 'its database is locked',
  permission: 'not permitted',
  io: 'no space left on device',
  no: null,
} as const

for (const [text, fault] of ROWS) {
  test(`B49: '${text.slice(0, 60)}' is '${fault}'`, () => {
    assert.deepEqual(toolFailure(text), { fault, words: WORDS[fault] })
  })
}

test('B49: rpm that could not write its database has failed, though it ends with 0', () => {
  assert.equal(isFailure(0, ''), false)
  assert.equal(isFailure(0, 'warning: %post(a-1) scriptlet failed, exit status 1'), false)
  assert.equal(isFailure(1, ''), true)
  assert.equal(isFailure(null, ''), true)
  assert.equal(isFailure(0, "x\nerror: sqlite failure: RELEASE 'rwlock': database or disk is full\n"), true)
})

test('lastLines: the last lines as one, no longer than a person reads', () => {
  assert.equal(lastLines('one\ntwo\r\n\n three\tx \nfour\nfive\n'), 'two; three x; four; five')
  assert.equal(lastLines(' \n'), '')
  const long = lastLines('x'.repeat(1000))
  assert.equal(long, `…${'x'.repeat(400)}`)
})
