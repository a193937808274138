import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CommandError } from '../../../lib/errors.ts'
import { readOptional } from '../../../lib/sys/optional-file.ts'

test('optional file: its text, null where it is missing, io where it cannot be read', async t => {
  const place = await mkdtemp(join(tmpdir(), 'optional-'))
  t.after(() => rm(place, { recursive: true }))
  await writeFile(join(place, 'file'), 'text\n')
  assert.equal(await readOptional(join(place, 'file')), 'text\n')
  assert.equal(await readOptional(join(place, 'missing')), null)
  await assert.rejects(readOptional(place), new CommandError('io', `unable to read '${place}': is a directory`))
})
