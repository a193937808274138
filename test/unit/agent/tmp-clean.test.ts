import assert from 'node:assert/strict'
import {
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cleanTmp } from '../../../lib/agent/tmp-clean.ts'

const NOW = 1_800_000_000
const DAY = 24 * 3600

/** A temporary directory with files of these ages in seconds. */
function tmpOf(ages: Readonly<Record<string, number>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'clean-'))
  for (const [name, age] of Object.entries(ages)) {
    writeFileSync(join(dir, name), '')
    utimesSync(join(dir, name), NOW, NOW - age)
  }
  return dir
}

test('B7: files older than 24 h by mtime are removed, once', () => {
  const dir = tmpOf({ old: DAY + 1, 'older file': 9 * DAY, exactly: DAY, young: 60, 'of tomorrow': -DAY })
  assert.deepEqual(cleanTmp(dir, NOW), ['old', 'older file'])
  assert.deepEqual(readdirSync(dir).sort(), ['exactly', 'of tomorrow', 'young'])
  assert.deepEqual(cleanTmp(dir, NOW), [])
})

test('B7: what our own commands were making when they were killed goes as well', () => {
  const names = {
    '.web-1.0.rpm.tmp.4711.0badcafe': 2 * DAY,
    '.a.tmp.4711.0badcafe.note.new': 2 * DAY,
    '.web-1.1.rpm.tmp.4711.0badcafe': 60,
    '.tmp.x': 2 * DAY,
  }
  const dir = tmpOf(names)
  assert.deepEqual(cleanTmp(dir, NOW), ['.a.tmp.4711.0badcafe.note.new', '.web-1.0.rpm.tmp.4711.0badcafe'])
})

test('B7: hidden files, directories and what is in them, links and what they point to stay', () => {
  const dir = tmpOf({ '.hidden': 2 * DAY })
  const other = tmpOf({ target: 2 * DAY })
  mkdirSync(join(dir, 'sub'))
  writeFileSync(join(dir, 'sub/file'), '')
  symlinkSync(join(other, 'target'), join(dir, 'link'))
  symlinkSync(other, join(dir, 'way'))
  for (const name of ['sub/file', 'sub']) utimesSync(join(dir, name), NOW, NOW - 2 * DAY)
  for (const name of ['link', 'way']) lutimesSync(join(dir, name), NOW, NOW - 2 * DAY)
  assert.deepEqual(cleanTmp(dir, NOW), [])
  assert.ok(existsSync(join(dir, 'sub/file')) && existsSync(join(other, 'target')))
})

test('B7: a directory that is not there holds nothing; one that is none is an error', () => {
  const dir = tmpOf({ file: 0 })
  assert.deepEqual(cleanTmp(join(dir, 'no'), NOW), [])
  const message = `unable to read '${join(dir, 'file')}': ENOTDIR`
  assert.throws(() => cleanTmp(join(dir, 'file'), NOW), {
    fault: 'io',
    message: message.replace('ENOTDIR', 'not a directory'),
  })
})
