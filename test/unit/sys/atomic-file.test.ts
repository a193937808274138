import assert from 'node:assert/strict'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CommandError } from '../../../lib/errors.ts'
import { replaceFile, resolveLinks } from '../../../lib/sys/atomic-file.ts'

const place = () => mkdtempSync(join(tmpdir(), 'atomic-'))

test('atomic: a new file gets its mode and leaves no temporary one', async () => {
  const dir = place()
  assert.equal(await replaceFile(join(dir, 'f'), 'x', { mode: 0o640 }), join(dir, 'f'))
  assert.equal(readFileSync(join(dir, 'f'), 'utf8'), 'x')
  assert.equal(statSync(join(dir, 'f')).mode & 0o777, 0o640)
  assert.deepEqual(readdirSync(dir), ['f'])
})

test('atomic: content that comes in pieces is written whole; where making it fails, the old file stays', async () => {
  const dir = place()
  await replaceFile(join(dir, 'f'), ['a', 'é', '', 'c'])
  assert.equal(readFileSync(join(dir, 'f'), 'utf8'), 'aéc')
  const torn = function* () {
    yield 'new'
    throw new CommandError('data', 'no more')
  }
  await assert.rejects(replaceFile(join(dir, 'f'), torn()), { fault: 'data' })
  assert.equal(readFileSync(join(dir, 'f'), 'utf8'), 'aéc')
  assert.deepEqual(readdirSync(dir), ['f'])
})

test('atomic: an old file keeps its mode, a link stays a link', async () => {
  const dir = place()
  writeFileSync(join(dir, 'real'), 'old')
  chmodSync(join(dir, 'real'), 0o604)
  symlinkSync('real', join(dir, 'link'))
  assert.equal(await replaceFile(join(dir, 'link'), 'new'), join(dir, 'real'))
  assert.ok(lstatSync(join(dir, 'link')).isSymbolicLink())
  assert.equal(readFileSync(join(dir, 'real'), 'utf8'), 'new')
  assert.equal(statSync(join(dir, 'real')).mode & 0o777, 0o604)
})

test('atomic: a dangling link makes the file it points to; a loop is an error', async () => {
  const dir = place()
  symlinkSync('real', join(dir, 'link'))
  await replaceFile(join(dir, 'link'), 'new')
  assert.equal(readFileSync(join(dir, 'real'), 'utf8'), 'new')
  symlinkSync('b', join(dir, 'a'))
  symlinkSync('a', join(dir, 'b'))
  await assert.rejects(resolveLinks(join(dir, 'a')), /too many levels of symbolic links/)
})

test('atomic: what verify throws keeps the old file and leaves nothing behind', async () => {
  const dir = place()
  writeFileSync(join(dir, 'f'), 'old')
  const verify = async (temporary: string) => {
    assert.equal(readFileSync(temporary, 'utf8'), 'new')
    throw new CommandError('data', 'not good')
  }
  await assert.rejects(replaceFile(join(dir, 'f'), 'new', { verify }), new CommandError('data', 'not good'))
  assert.equal(readFileSync(join(dir, 'f'), 'utf8'), 'old')
  assert.deepEqual(readdirSync(dir), ['f'])
})

test('atomic: temporary files of dead writers are removed, those of living ones stay', async () => {
  const dir = place()
  writeFileSync(join(dir, '.f.tmp.999999999.x'), '')
  writeFileSync(join(dir, `.f.tmp.${process.ppid}.x`), '')
  writeFileSync(join(dir, '.other.tmp.999999999.x'), '')
  await replaceFile(join(dir, 'f'), 'x')
  assert.deepEqual(readdirSync(dir).sort(), [`.f.tmp.${process.ppid}.x`, '.other.tmp.999999999.x', 'f'])
})

test('atomic: a directory in the place of the file, and a missing directory, are errors', async () => {
  const dir = place()
  await assert.rejects(replaceFile(dir, 'x'), /not a regular file/)
  await assert.rejects(replaceFile(join(dir, 'no/f'), 'x'), /unable to write '.*no\/f': no such file or directory/)
})
