import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { openServedFile, type ServedFile } from '../../../lib/origin/serve-file.ts'
import { renderSealed } from '../../../lib/origin/zone-checksum.ts'

let directory = ''
let path = ''
let said: string[] = []
let file: ServedFile

const text = (serial: number, address: string) =>
  renderSealed(
    { serial, blocks: [{ owner: 'wild.', lines: [{ rr: 'A', active: true, address, measure: null }] }] },
    { reason: 'first', mass: null },
  )

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'served-'))
  path = join(directory, 'anyhost')
  said = []
  file = openServedFile(path, false, (level, text) => said.push(`${level}: ${text.replace(path, 'FILE')}`))
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 }) // what was written now is no longer new
})
afterEach(() => {
  mock.timers.reset()
  rmSync(directory, { recursive: true })
})

test('a file that goes and comes back the same is valid again', async () => {
  writeFileSync(path, text(1, '192.0.2.1'))
  await file.check()
  renameSync(path, `${path}.away`)
  await file.check()
  await file.check()
  assert.equal(file.problem, 'no such file or directory')
  renameSync(`${path}.away`, path)
  await file.check()
  assert.equal(file.problem, undefined)
  assert.deepEqual(said, [
    "info: serving 'FILE', serial 1, 1 domains",
    "warning: 'FILE': no such file or directory; still serving serial 1",
    "info: 'FILE' is valid again",
  ])
  assert.deepEqual([file.taken, file.refused], [1, 1])
})

test('a change that its mtime and size do not show is seen', async () => {
  writeFileSync(path, text(1, '192.0.2.1'))
  const { atime, mtime } = statSync(path)
  await file.check()
  writeFileSync(path, text(2, '192.0.2.2'))
  utimesSync(path, atime, mtime)
  await file.check()
  assert.equal(file.version?.serial, 2)
})

test('a new date with the same content is a new Last-Modified with the same tag', async () => {
  writeFileSync(path, text(1, '192.0.2.1'))
  await file.check()
  const before = file.version
  utimesSync(path, 1000, 1000)
  await file.check()
  assert.equal(file.version?.lastModifiedMs, 1_000_000)
  assert.equal(file.version?.plain.etag, before?.plain.etag)
})

test('a torn file is warned of once, and the last good version stays', async () => {
  writeFileSync(path, text(1, '192.0.2.1'))
  await file.check()
  const { version } = file
  truncateSync(path, 100)
  for (let i = 0; i < 3; i++) await file.check()
  assert.equal(file.version, version)
  assert.equal(said.length, 2)
  assert.match(said[1] ?? '', /^warning: 'FILE': line \d+: .*; still serving serial 1$/)
})
