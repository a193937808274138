import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openLines } from '../../../lib/sys/line-client.ts'

const place = () => mkdtempSync(join(tmpdir(), 'line-'))

/** A server that does what the test says with each client; its path. */
function serve(t: TestContext, onClient: (socket: Socket) => void): Promise<string> {
  const path = join(place(), 's')
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    sockets.push(socket.on('error', () => {}))
    onClient(socket)
  })
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return new Promise(resolve => server.listen(path, () => resolve(path)))
}

test('B57: what is asked at once is answered in order, whatever pieces the answers come in', async t => {
  const path = await serve(t, socket => socket.once('data', () => socket.write('on', () => socket.write('e\r\ntwo\n'))))
  const lines = await openLines(path, 20)
  assert.deepEqual(await Promise.all([lines.ask('1'), lines.ask('2')]), ['one', 'two'])
  lines.close()
  await assert.rejects(lines.ask('3'), { fault: 'unavailable' })
})

test('B57: a large answer', async t => {
  const path = await serve(t, socket => socket.once('data', () => socket.write(`${'é'.repeat(1_000_000)}\n`)))
  const lines = await openLines(path, 20)
  assert.equal(await lines.ask('1'), 'é'.repeat(1_000_000))
  lines.close()
})

test('B57: a server that is full says so before it is asked', async t => {
  const path = await serve(t, socket => socket.end('full\n'))
  const lines = await openLines(path, 20)
  assert.equal(await lines.ask('1'), 'full')
  lines.close()
})

for (const { title, does, fault, reason } of [
  { title: 'closes', does: (socket: Socket) => socket.end(), fault: 'unavailable', reason: 'closed without an answer' },
  {
    title: 'closes in an answer',
    does: (socket: Socket) => socket.end('half'),
    fault: 'unavailable',
    reason: 'closed without an answer',
  },
  { title: 'says nothing', does: () => {}, fault: 'again', reason: 'no answer within 0.1 s' },
]) {
  test(`B57: a server that ${title}: ${fault}`, async t => {
    const path = await serve(t, socket => socket.on('data', () => does(socket)))
    const lines = await openLines(path, 0.1)
    const asked = [lines.ask('1'), lines.ask('2')]
    for (const one of asked) await assert.rejects(one, { fault, message: `'${path}': ${reason}` })
    await assert.rejects(lines.ask('3'), { fault })
  })
}

test('B57: nobody there', async () => {
  const path = join(place(), 's')
  await assert.rejects(openLines(path, 20), {
    fault: 'unavailable',
    message: `unable to connect to '${path}': no such file or directory`,
  })
  writeFileSync(path, '')
  await assert.rejects(openLines(path, 20), {
    fault: 'unavailable',
    message: `unable to connect to '${path}': connection refused`,
  })
})
