import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { RecordWriter } from '../../../lib/ndjson/write.ts'

function slowOutput() {
  const writes: string[] = []
  const waiting: (() => void)[] = []
  const output = new Writable({
    write(chunk, _encoding, done) {
      writes.push(String(chunk))
      waiting.push(done)
    },
  })
  return { output, writes, release: () => waiting.splice(0).forEach(done => void done()) }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

test('write: small records are gathered into one write', async () => {
  const { output, writes, release } = slowOutput()
  const writer = new RecordWriter(() => output)
  await writer.write({ type: 'a' })
  await writer.pass('{"type" : "b"}')
  await turn()
  assert.deepEqual(writes, ['{"type":"a"}\n{"type" : "b"}\n'])
  release()
})

test('write: a writer that fills its buffer waits for the reader', async () => {
  const { output, writes, release } = slowOutput()
  const writer = new RecordWriter(() => output)
  let done = false
  const first = writer.pass('x'.repeat(70_000))?.then(() => {
    done = true
  })
  await turn()
  assert.equal(writes.length, 1)
  assert.equal(done, false)
  release()
  await first
  assert.equal(done, true)
})

test('write: an output that fails is told at the next write and at the flush', async () => {
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
  })
  output.on('error', () => {})
  const writer = new RecordWriter(() => output)
  await writer.write({ type: 'a' })
  await assert.rejects(writer.flush(), /EPIPE/)
  assert.throws(() => writer.write({ type: 'b' }), /EPIPE/)
})
