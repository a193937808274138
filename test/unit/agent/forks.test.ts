import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ForkJournal } from '../../../lib/agent/forks.ts'
import { LeftoverJournal } from '../../../lib/agent/leftovers.ts'
import { scratch, start } from './agents.ts'

const linesOf = (path: string) => readFileSync(path, 'utf8').trim().split('\n').slice(1)

test('B15 B21: a journal begins with all that is known, in one step: killed at any moment, the file says no less', t => {
  const path = join(scratch(t), 'journal')
  const known = [['one', { pid: 10, startTime: 20 }] as const, ['two', { pid: 11, startTime: 21 }] as const]
  new LeftoverJournal(path, () => {}, known)
  assert.deepEqual(linesOf(path), ['one 10 20', 'two 11 21'])
})

test('B15 B21: the next process of an agent is noted before the last one is forgotten', t => {
  const path = join(scratch(t), 'journal')
  const { id } = start(t, ['/bin/sleep', '60'])
  const other = start(t, ['/bin/sleep', '60']).id
  const journal = new ForkJournal(path, new Set(), () => {})
  journal.note('one', id)
  journal.note('one', other)
  assert.deepEqual(linesOf(path), [
    `one ${id.pid} ${id.startTime}`,
    `one ${other.pid} ${other.startTime}`,
    `. ${id.pid} ${id.startTime}`,
  ])
  const taken = new Set<number>()
  assert.deepEqual(new ForkJournal(path, taken, () => {}).of('one'), other)
  assert.deepEqual([...taken], [other.pid])
})
