import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CommandError } from '../../../lib/errors.ts'
import { runChild } from '../../../lib/sys/child.ts'

const sh = (script: string, options: Partial<Parameters<typeof runChild>[2]> = {}) =>
  runChild('/bin/sh', ['-c', script], { timeout: 20, ...options })

test('child: status, both outputs, input', async () => {
  assert.deepEqual(await sh('cat; echo err >&2; exit 3', { input: 'in' }), {
    code: 3,
    signal: null,
    timedOut: false,
    stdout: 'in',
    stderr: 'err\n',
  })
})

test('child: outputs larger than a pipe do not hang, and only the limit is kept', async () => {
  const result = await sh('head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2', { limit: 1000 })
  assert.deepEqual([result.code, result.stdout.length, result.stderr.length], [0, 1000, 1000])
})

test('child: input that is not read is no error', async () => {
  assert.equal((await sh('exec true', { input: 'x'.repeat(1_000_000) })).code, 0)
})

test('child: the time limit ends the whole group, one that ignores TERM by KILL', async () => {
  const gentle = await sh('sleep 30 & wait', { timeout: 0.2 })
  assert.deepEqual([gentle.timedOut, gentle.signal], [true, 'SIGTERM'])
  const deaf = await sh('trap "" TERM; while :; do sleep 0.1; done', { timeout: 0.2 })
  assert.deepEqual([deaf.timedOut, deaf.signal], [true, 'SIGKILL'])
})

test('child: who has left the group and keeps the outputs open is not waited for', async () => {
  const left = await sh('setsid sleep 60 & echo $!; exit 3')
  process.kill(Number(left.stdout)) // throws where it has ended
  assert.deepEqual([left.code, left.timedOut], [3, false])
  const late = await sh('setsid sleep 60 & echo $!; wait', { timeout: 1 })
  process.kill(Number(late.stdout))
  assert.deepEqual([late.signal, late.timedOut], ['SIGTERM', true])
})

test('child: nothing of our environment leaks', async () => {
  process.env['LEAK_TEST'] = 'x'
  assert.doesNotMatch((await sh('env')).stdout, /LEAK_TEST/)
})

test('child: no such program', async () => {
  await assert.rejects(
    runChild('/nowhere/program', [], { timeout: 1 }),
    new CommandError('unavailable', "'/nowhere/program': no such program"),
  )
})

test('child: it is killed by what it gave, and nobody else of its group', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'child-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const { promise, resolve } = Promise.withResolvers<() => void>()
  const killed = sh(`sleep 60 & echo $! >'${dir}/pid.new'; mv '${dir}/pid.new' '${dir}/pid'; wait`, {
    onStart: resolve,
  })
  const kill = await promise
  while (!existsSync(`${dir}/pid`)) await new Promise(resolve => setTimeout(resolve, 5))
  kill()
  const { signal, timedOut } = await killed
  process.kill(Number(readFileSync(`${dir}/pid`, 'utf8'))) // throws where it has ended
  assert.deepEqual([signal, timedOut], ['SIGKILL', false])
})
