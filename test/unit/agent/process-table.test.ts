import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseStat, readProcessTable, rowOf } from '../../../lib/agent/process-table.ts'

/** A line of /proc/PID/stat: `name` as it is, and the numbers 3 to 26. */
function statLine(
  name: string,
  { ppid = 1, pgrp = 2, session = 3, ticks = [4, 5, 6, 7], start = 99, pages = 88 } = {},
) {
  return `17 (${name}) S ${ppid} ${pgrp} ${session} 0 -1 4194560 1 2 3 4 ${ticks.join(' ')} 20 0 1 0 ${start} 4096 ${pages} 184 1\n`
}

function parse(text: string): readonly number[] | null {
  const into = new Float64Array(25)
  const bytes = Buffer.from(text)
  if (!parseStat(bytes, bytes.length, into)) return null
  return [4, 5, 6, 8, 14, 15, 16, 17, 22, 24].map(field => into[field] ?? Number.NaN)
}

for (const name of ['nginx', 'a b', 'a) S 9 9 9', '((', ') ) )', '', 'a\nb', 'naïve']) {
  test(`B25: /proc/PID/stat of a program called '${name}'`, () => {
    assert.deepEqual(parse(statLine(name)), [1, 2, 3, -1, 4, 5, 6, 7, 99, 88])
  })
}

for (const text of ['', '17', '17 (a)', '17 (a) S', '17 (a) S 1 2 3\n', 'no line at all']) {
  test(`B25: a cut line of /proc/PID/stat is none: '${text.trim()}'`, () => assert.equal(parse(text), null))
}

test('B25: one pass over /proc: directories with a number, by number; what has ended or is none is left out', () => {
  const proc = mkdtempSync(join(tmpdir(), 'proc-'))
  for (const name of ['300', '20', 'self', '1000', '500', '7x']) mkdirSync(join(proc, name))
  for (const name of ['300', '20', '1000'])
    writeFileSync(join(proc, name, 'stat'), statLine('x', { ppid: Number(name) + 1 }))
  const table = readProcessTable(5, proc)
  assert.equal(table.count, 3)
  assert.equal(table.at, 5)
  const rows = [0, 1, 2].map(row => [table.pid[row], table.ppid[row], table.ticks[row], table.waited[row]])
  assert.deepEqual(rows, [
    [20, 21, 9, 13],
    [300, 301, 9, 13],
    [1000, 1001, 9, 13],
  ])
})

test('B25: what is left in the columns of a larger table before is no process of this one', () => {
  const large = mkdtempSync(join(tmpdir(), 'proc-'))
  for (const name of ['1', '2', '3']) {
    mkdirSync(join(large, name))
    writeFileSync(join(large, name, 'stat'), statLine('x', { ppid: Number(name) - 1 }))
  }
  const before = readProcessTable(1, large)
  assert.deepEqual([rowOf(before, 3), before.child[0], before.sibling[1]], [2, 1, -1])
  rmSync(join(large, '3'), { recursive: true })
  const now = readProcessTable(2, large)
  assert.deepEqual([now.count, rowOf(now, 2), rowOf(now, 3), now.child[1]], [2, 1, -1, -1])
  assert.deepEqual([rowOf(now, 0), rowOf(now, 1), rowOf(readProcessTable(3, join(large, '1')), 1)], [-1, 0, -1])
})

test('B25: the real /proc has this process, with its parent, session and memory', () => {
  const table = readProcessTable()
  const row = rowOf(table, process.pid)
  assert.equal(table.ppid[row], process.ppid)
  assert.ok((table.session[row] ?? 0) >= 0)
  assert.ok((table.start[row] ?? 0) > 0)
  assert.ok((table.pages[row] ?? 0) > 1000)
})

test('B25: a /proc that cannot be read is an error and not an empty host', () => {
  assert.throws(() => readProcessTable(0, '/nowhere'), { fault: 'io', message: /^unable to read '\/nowhere': / })
})

test('B25: without a descriptor left the table is an error and not a host without processes', () => {
  const program = `
    import { openSync } from 'node:fs'
    import { readProcessTable } from '${join(import.meta.dirname, '../../../lib/agent/process-table.ts')}'
    try { for (;;) openSync('/dev/null') } catch {}
    try { readProcessTable() } catch (error) { console.log(error.fault + ': ' + error.message) }`
  const script = 'ulimit -n 128 && exec "$@"'
  const args = ['-c', script, 'sh', process.execPath, '--input-type=module', '-e', program]
  const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' })
  assert.match(stdout, /^io: unable to read '\/proc': too many open files\n$/, stderr)
})
