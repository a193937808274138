import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { JournalEntry } from '../../../lib/agent/task-deeds.ts'
import { parseEntry, readEntry, writeEntry } from '../../../lib/agent/task-journal.ts'

const entry: JournalEntry = {
  ...{ id: 'u1', name: 'web', from: '1.0', to: '1.1', config: '{"a":"ü"}', next: null },
  ...{ foreign: false, ran: true, force: false, phase: 'begun' },
}

function place() {
  const dir = mkdtempSync(join(tmpdir(), 'journal-'))
  mkdirSync(join(dir, 'tmp'))
  return { dir, path: join(dir, 'task.json'), tmp: join(dir, 'tmp') }
}

test('B43: what is needed to go back is kept, for its owner alone, until there is nothing to go back from', () => {
  const { dir, path, tmp } = place()
  const warnings: string[] = []
  const read = () => readEntry(path, text => warnings.push(text))
  assert.equal(read(), null)
  writeEntry(path, tmp, entry)
  assert.deepEqual(read(), entry)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  writeEntry(path, tmp, { ...entry, phase: 'watched' })
  assert.equal(read()?.phase, 'watched')
  writeEntry(path, tmp, null)
  writeEntry(path, tmp, null)
  assert.deepEqual([read(), readdirSync(dir), warnings], [null, ['tmp'], []])
})

test('B43: what is no entry is told', () => {
  const { path } = place()
  const warnings: string[] = []
  writeFileSync(path, '{"id":"u1"')
  assert.equal(
    readEntry(path, text => warnings.push(text)),
    null,
  )
  assert.deepEqual(warnings, [`'${path}' is not understood: what was begun is not gone back from`])
})

for (const field of Object.keys(entry)) {
  for (const value of [undefined, 7, 'x']) {
    const isText = ['id', 'name', 'from', 'to', 'config', 'next'].includes(field)
    if (isText && value === 'x') continue
    test(`B43: an entry whose ${field} is ${value} is none`, () =>
      assert.equal(parseEntry(JSON.stringify({ ...entry, [field]: value })), null))
  }
}
