import assert from 'node:assert/strict'
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { removeNow, replaceNow } from '../../../lib/sys/replace-now.ts'

function place() {
  const dir = mkdtempSync(join(tmpdir(), 'replace-'))
  mkdirSync(join(dir, 'tmp'))
  return { dir, path: join(dir, 'file'), tmp: join(dir, 'tmp') }
}

test('B6: a file is replaced by another one, whole, and nothing is left in tmp', () => {
  const { path, tmp } = place()
  replaceNow(path, 'one\n', tmp)
  const { ino } = statSync(path)
  replaceNow(path, 'two\n', tmp, 0o600)
  assert.equal(readFileSync(path, 'utf8'), 'two\n')
  assert.notEqual(statSync(path).ino, ino)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(tmp), [])
})

test('B6: what fails leaves the old file, and nothing in tmp', () => {
  const { dir, path, tmp } = place()
  writeFileSync(path, 'old\n')
  assert.throws(() => replaceNow(path, 'new\n', join(dir, 'nowhere')), { fault: 'io' })
  assert.equal(readFileSync(path, 'utf8'), 'old\n')
  mkdirSync(join(dir, 'directory'))
  assert.throws(() => replaceNow(join(dir, 'directory'), 'new\n', tmp), { fault: 'io' })
  assert.deepEqual(readdirSync(tmp), [])
})

test('B6: the mode is the one that was asked for, whatever the umask', () => {
  const { path, tmp } = place()
  const umask = process.umask(0o077)
  try {
    replaceNow(path, 'one\n', tmp, 0o644)
  } finally {
    process.umask(umask)
  }
  assert.equal(statSync(path).mode & 0o777, 0o644)
})

test('B6: a file is removed, and one that is not there is fine', () => {
  const { dir, path, tmp } = place()
  replaceNow(path, 'one\n', tmp)
  removeNow(path)
  assert.equal(existsSync(path), false)
  removeNow(path)
  assert.throws(() => removeNow(dir), { fault: 'io' })
})

test('B6: all of it is fsynced before it has its name, and then the name too', t => {
  const { path, tmp } = place()
  const done: string[] = []
  t.mock.method(fs, 'fsyncSync', () => {
    done.push(`fsync ${readdirSync(tmp).map(name => readFileSync(join(tmp, name), 'utf8'))}`)
  })
  t.mock.method(fs, 'renameSync', (from: string, to: string) => {
    done.push(`rename ${readFileSync(from, 'utf8')} ${dirname(from) === tmp && to === path}`)
  })
  syncBuiltinESMExports()
  try {
    replaceNow(path, 'all of it', tmp)
  } finally {
    t.mock.restoreAll()
    syncBuiltinESMExports()
  }
  assert.deepEqual(done, ['fsync all of it', 'rename all of it true', 'fsync all of it'])
})
