import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { logPath, openLog } from '../../../lib/agent/agent-log.ts'
import { scratch } from './agents.ts'

test('B15: the log of an agent is appended to, and made where it is new', t => {
  const dir = scratch(t)
  const umask = process.umask(0o077)
  t.after(() => process.umask(umask))
  process.umask(0o022)
  for (const text of ['one\n', 'two\n']) {
    const { fd } = openLog(dir, 'a', assert.fail)
    writeSync(fd, text)
    closeSync(fd)
  }
  assert.equal(readFileSync(logPath(dir, 'a'), 'utf8'), 'one\ntwo\n')
  assert.equal(statSync(logPath(dir, 'a')).mode & 0o777, 0o640)
})

for (const [title, prepare, reason] of [
  ['no directory', (dir: string) => join(dir, 'none'), 'no such file or directory'],
  [
    'a symbolic link',
    (dir: string) => {
      writeFileSync(join(dir, 'target'), '')
      symlinkSync('target', join(dir, 'a.log'))
      return dir
    },
    'too many levels of symbolic links',
  ],
  [
    'a directory',
    (dir: string) => {
      mkdirSync(join(dir, 'a.log'))
      return dir
    },
    'is a directory',
  ],
  [
    'a pipe that nobody reads',
    (dir: string) => {
      execFileSync('mkfifo', [join(dir, 'a.log')])
      return dir
    },
    'ENXIO: ',
  ],
] as const) {
  test(`B70: an agent whose log cannot be opened runs without one, with a warning: ${title}`, t => {
    const dir = prepare(scratch(t))
    let warning = ''
    const { fd } = openLog(dir, 'a', text => {
      warning = text
    })
    t.after(() => closeSync(fd))
    assert.equal(readlinkSync(`/proc/self/fd/${fd}`), '/dev/null')
    assert.ok(warning.startsWith(`unable to open '${dir}/a.log': ${reason}`), warning)
    assert.ok(warning.endsWith(": what 'a' writes is lost"), warning)
  })
}
