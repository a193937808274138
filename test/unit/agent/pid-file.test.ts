import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readPidFile } from '../../../lib/agent/pid-file.ts'
import { scratch } from './agents.ts'

for (const [title, text, expected] of [
  ['a pid', '4711\n', 4711],
  ['no end of the line', '4711', 4711],
  ['blanks around', ' 4711 \r\n', 4711],
  ['only the first line counts', '4711\n4712\nrubbish', 4711],
  ['the largest', '4194304', 4194304],
  ['empty', '', 'no pid on its first line'],
  ['an empty first line', '\n4711\n', 'no pid on its first line'],
  ['rubbish', 'x\n', "not a pid: 'x'"],
  ['rubbish after', '4711 x', "not a pid: '4711 x'"],
  ['0 is no process', '0\n', "not a pid: '0'"],
  ['1 is no agent', '1\n', "not a pid: '1'"],
  ['-1 is every process', '-1\n', "not a pid: '-1'"],
  ['no whole number', '47.11', "not a pid: '47.11'"],
  ['another notation', '0x10', "not a pid: '0x10'"],
  ['larger than any', '4194305', "not a pid: '4194305'"],
  ['huge', '9'.repeat(10_000), `not a pid: '${'9'.repeat(64)}'`],
  ['what a terminal would obey', '\x1b[31m\x07\n', "not a pid: '?'"],
  ['zero bytes', '4711\0\n', "not a pid: '4711?'"],
] as const) {
  test(`B16: a pid file: ${title}`, t => {
    const path = join(scratch(t), 'a.pid')
    writeFileSync(path, text)
    const fault = `pid file '${path}': ${expected}`
    assert.deepEqual(readPidFile(path), typeof expected === 'number' ? { pid: expected } : { fault })
  })
}

test('B16: a pid file that is none does not hold us up', t => {
  const dir = scratch(t)
  const fifo = join(dir, 'fifo')
  execFileSync('mkfifo', [fifo])
  assert.deepEqual(readPidFile(fifo), { fault: `pid file '${fifo}': not a regular file` })
  assert.deepEqual(readPidFile(dir), { fault: `pid file '${dir}': not a regular file` })
  assert.deepEqual(readPidFile('/nowhere/a.pid'), { fault: "pid file '/nowhere/a.pid': not there" })
  assert.deepEqual(readPidFile('/etc/passwd/a.pid'), {
    fault: "pid file '/etc/passwd/a.pid': not a directory",
  })
})
