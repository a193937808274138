import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openAccessLog } from '../../../lib/origin/serve-log.ts'

function failure(code: string): Error {
  return Object.assign(new Error(code), { code })
}

test('the access log writes what was gathered, in order, though the reader takes little at a time', () => {
  let text = ''
  const log = openAccessLog(bytes => {
    text += Buffer.from(bytes.subarray(0, 3)).toString()
    return Math.min(3, bytes.length)
  })
  log.write({ n: 1 })
  log.write({ n: 2 })
  assert.equal(text, '')
  log.close()
  assert.equal(text, '{"n":1}\n{"n":2}\n')
  assert.equal(log.dropped, 0)
})

test('the access log tries again when the reader takes nothing, and goes on where it stopped', async () => {
  let text = ''
  let full = true
  const log = openAccessLog(bytes => {
    if (full) throw failure('EAGAIN')
    text += Buffer.from(bytes).toString()
    return bytes.length
  })
  log.write({ n: 1 })
  await sleep(10)
  full = false
  for (let i = 0; text === '' && i < 500; i++) await sleep(10)
  assert.equal(text, '{"n":1}\n')
})

test('the access log drops and counts beyond its bound', () => {
  const log = openAccessLog(() => {
    throw failure('EAGAIN')
  })
  const record = { text: 'x'.repeat(100_000) }
  for (let i = 0; i < 20; i++) log.write(record)
  assert.ok(log.dropped > 5 && log.dropped < 15, String(log.dropped))
})

test('the access log drops all once its reader has gone', () => {
  const log = openAccessLog(() => {
    throw failure('EPIPE')
  })
  log.write({ n: 1 })
  log.close()
  log.write({ n: 2 })
  assert.equal(log.dropped, 1)
})
