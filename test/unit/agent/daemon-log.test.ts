import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDaemonLog } from '../../../lib/agent/daemon-log.ts'
import { LOG_LEVELS, type LogLevel } from '../../../lib/model/control.ts'

const place = () => join(mkdtempSync(join(tmpdir(), 'log-')), 'f.log')
const TIME = '2024-01-02T03:04:05.678Z'
const open = (path: string, level: LogLevel = 'info') => openDaemonLog({ level, path, now: () => new Date(TIME) })
const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1)

test('B13: a level says its own lines and all that are worse; it can be set', () => {
  for (const [at, level] of LOG_LEVELS.entries()) {
    const path = place()
    const log = open(path, level)
    for (const one of LOG_LEVELS) log.log(one, 'x')
    assert.deepEqual(
      linesOf(path),
      LOG_LEVELS.slice(at).map(one => `${TIME} agent-spawn: ${one}: x`),
    )
    log.level = 'fatal'
    log.log('error', 'not said')
    assert.equal(linesOf(path).length, LOG_LEVELS.length - at)
    log.close()
  }
})

test('B4: a log file is appended to, and is for its group to read', () => {
  const path = place()
  for (const text of ['a', 'b']) {
    const log = open(path)
    log.log('info', text)
    log.close()
  }
  assert.deepEqual(linesOf(path), [`${TIME} agent-spawn: info: a`, `${TIME} agent-spawn: info: b`])
  assert.equal(statSync(path).mode & 0o777, 0o640 & ~process.umask())
})

test('B13: without a file it is stderr, without the time; one that is closed is no error', () => {
  const module = join(import.meta.dirname, '../../../lib/agent/daemon-log.ts')
  const script = `import { openDaemonLog } from ${JSON.stringify(module)}
    const log = openDaemonLog({ level: 'debug', path: null })
    log.log('debug', 'said'); log.log('trace', 'not said'); log.reopen(); console.log('lives')`
  const run = (redirection: string) =>
    spawnSync('/bin/sh', ['-c', `exec '${process.execPath}' --input-type=module - ${redirection}`], {
      input: script,
      encoding: 'utf8',
    })
  assert.deepEqual([run('').stdout, run('').stderr], ['lives\n', 'agent-spawn: debug: said\n'])
  assert.deepEqual([run('2>&-').stdout, run('2>/dev/full').stdout], ['lives\n', 'lives\n'])
})

test('B13: what agents and clients say is one line of at most 4 KiB that no terminal obeys', () => {
  const path = place()
  const log = open(path)
  log.log('info', 'a\nb\r\n\tc \x1b[2J\x07\x9b')
  log.log('info', 'é'.repeat(10_000))
  const [first, second = ''] = linesOf(path)
  assert.equal(first, `${TIME} agent-spawn: info: a b c ?[2J??`)
  assert.ok(second.endsWith('é…'))
  assert.ok(Buffer.byteLength(second) >= 4090 && Buffer.byteLength(second) < 4096)
  log.close()
})

test('B13: USR1: the new file is written to from then on; where it cannot be opened the old one goes on', () => {
  const path = place()
  const log = open(path)
  renameSync(path, `${path}.1`)
  log.log('info', 'old')
  log.reopen()
  log.log('info', 'new')
  assert.deepEqual([linesOf(`${path}.1`), linesOf(path)].flat(), [
    `${TIME} agent-spawn: info: old`,
    `${TIME} agent-spawn: info: new`,
  ])
  renameSync(path, `${path}.2`)
  mkdirSync(path)
  log.reopen()
  assert.match(
    linesOf(`${path}.2`)[1] ?? '',
    /error: unable to open the log '.*' again, the old one goes on: is a directory$/,
  )
  log.close()
})

test('B70: on a full disk nothing fails; what was lost is counted and told when there is room again', () => {
  const path = place()
  symlinkSync('/dev/full', path)
  const log = open(path)
  for (const text of ['a', 'b', 'c']) log.log('info', text)
  renameSync(path, `${path}.full`)
  writeFileSync(path, '')
  log.reopen()
  log.log('info', 'd')
  log.log('info', 'e')
  assert.deepEqual(linesOf(path), [
    `${TIME} agent-spawn: warn: 3 lines of this log could not be written: no space left on device`,
    `${TIME} agent-spawn: info: d`,
    `${TIME} agent-spawn: info: e`,
  ])
  log.close()
})

test('B70: a line that was written in part does not spoil the next one', { skip: process.platform !== 'linux' }, () => {
  const path = place()
  const module = join(import.meta.dirname, '../../../lib/agent/daemon-log.ts')
  // A limit on the size of files cuts as a full disk does: 1,024 bytes, then EFBIG until it is lifted.
  const script = `import { openDaemonLog } from ${JSON.stringify(module)}
    import { truncateSync, readFileSync } from 'node:fs'
    process.on('SIGXFSZ', () => {})
    const log = openDaemonLog({ level: 'info', path: ${JSON.stringify(path)}, now: () => new Date(0) })
    log.log('info', 'x'.repeat(2000)); log.log('info', 'lost')
    process.stdout.write(String(readFileSync(${JSON.stringify(path)}).length))
    truncateSync(${JSON.stringify(path)}, 60); log.log('info', 'next')`
  const { stdout, stderr } = spawnSync(
    '/bin/bash',
    ['-c', `ulimit -f 1; exec '${process.execPath}' --input-type=module -`],
    { input: script, encoding: 'utf8' },
  )
  assert.equal(stderr + stdout, '1024')
  const [torn, ...rest] = linesOf(path)
  assert.equal(torn?.length, 60)
  assert.deepEqual(rest, [
    '1970-01-01T00:00:00.000Z agent-spawn: warn: 2 lines of this log could not be written: EFBIG: file too large, write',
    '1970-01-01T00:00:00.000Z agent-spawn: info: next',
  ])
})

test('B13: a log that cannot be opened is an error at the start', () => {
  const path = place()
  mkdirSync(path)
  assert.throws(() => open(path), { fault: 'io', message: `unable to open the log '${path}': is a directory` })
})
