import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { keepVersion, pruneVersions } from '../../../lib/sys/versions.ts'

let directory = ''
let file = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'versions-'))
  file = join(directory, 'anyhost')
})
afterEach(() => rmSync(directory, { recursive: true }))

test('the version is a hard link, and replaces one of the same serial', async () => {
  writeFileSync(file, 'new')
  writeFileSync(`${file}.7`, 'old')
  assert.equal(await keepVersion(file, 7), `${file}.7`)
  assert.equal(readFileSync(`${file}.7`, 'utf8'), 'new')
  assert.equal(statSync(file).ino, statSync(`${file}.7`).ino)
})

test('no file, no version', async () => {
  assert.equal(await keepVersion(file, 7), null)
  assert.deepEqual(readdirSync(directory), [])
})

test('the youngest versions stay, and what is no version', async () => {
  const others = ['anyhost', 'anyhost.fetch', 'anyhost.7x', 'anyhosts.1', 'anyhost.12345678901']
  for (const name of others) writeFileSync(join(directory, name), '')
  for (const [serial, time] of [
    [1, 30],
    [20, 10],
    [3, 40],
    [4294967295, 20],
  ] as const) {
    writeFileSync(`${file}.${serial}`, '')
    utimesSync(`${file}.${serial}`, time, time)
  }
  await pruneVersions(file, 2)
  assert.deepEqual(readdirSync(directory).sort(), [...others, 'anyhost.1', 'anyhost.3'].sort())
  await pruneVersions(file, 0)
  assert.deepEqual(readdirSync(directory).sort(), others.sort())
})
