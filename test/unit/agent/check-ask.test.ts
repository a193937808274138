import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { askCheck } from '../../../lib/agent/check-ask.ts'

const place = () => join(mkdtempSync(join(tmpdir(), 'check-')), 's')

/** An agent's socket that does what the test says with each client; its path. */
function agent(t: TestContext, onClient: (socket: Socket) => void): Promise<string> {
  const path = place()
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket.on('error', () => {}))
    onClient(socket)
  })
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return new Promise(resolve => server.listen(path, () => resolve(path)))
}

const ask = (path: string, interval = 20, done: (fault: string | null) => void = () => {}) =>
  new Promise<string | null>(resolve =>
    askCheck({ interval, path, match: { kind: 'regex', text: '^success' } }, fault => {
      done(fault)
      resolve(fault)
    }),
  )

/** Answers once the whole question has come. */
const answers = (text: string) => (socket: Socket) => {
  let asked = ''
  socket.setEncoding('latin1').on('data', chunk => {
    asked += chunk
    if (asked === 'health\r\n') socket.write(text, 'utf8')
  })
}

for (const [title, text, fault] of [
  ['a good answer', 'success\r\n', null],
  ['with LF alone', 'success\n', null],
  ['of 127 bytes', `success${'x'.repeat(120)}\r\n`, null],
  ['of 128 bytes', `success${'x'.repeat(121)}\r\n`, 'answer is longer than 127 bytes'],
  ['of 128 bytes without an end', `success${'x'.repeat(122)}`, 'answer is longer than 127 bytes'],
  ['with more behind it', 'success\r\nfailure\r\n', null],
  ['another one', 'xyz…\r\n', "answer does not match 'regex:^success': 'xyz…'"],
  ['an empty one', '\r\n', "answer does not match 'regex:^success': ''"],
  ['rubbish', '\0\x1b[2J\r\n', "answer does not match 'regex:^success': '??[2J'"],
] as const) {
  test(`B26: ${title}`, async t => assert.equal(await ask(await agent(t, answers(text))), fault))
}

test('B26: an agent that closes: without an answer, or in it', async t => {
  assert.equal(await ask(await agent(t, socket => socket.end())), 'closed without an answer')
  assert.equal(await ask(await agent(t, socket => socket.destroy())), 'closed without an answer')
  const half = await agent(t, socket => socket.once('data', () => socket.end('succ')))
  assert.equal(await ask(half), "closed before the end of its answer: 'succ'")
})

test('B26: an agent that stalls, or drips, has 70 % of the interval for all of its answer', async t => {
  const stalls = await agent(t, () => {})
  assert.equal(await ask(stalls, 0.2), 'no answer within 0.1 s')
  const drips = await agent(t, socket => {
    const drip = setInterval(() => socket.write('s'), 10)
    socket.on('close', () => clearInterval(drip))
  })
  assert.equal(await ask(drips, 0.5), 'no answer within 0.4 s')
})

test('B26: an agent that floods is cut off', async t => {
  const cut: Promise<void>[] = []
  const floods = await agent(t, socket => {
    const more = () => {
      while (!socket.destroyed && socket.write('s'.repeat(60_000)));
    }
    cut.push(new Promise(resolve => socket.on('close', () => resolve())))
    socket.on('drain', more)
    more()
  })
  assert.equal(await ask(floods), 'answer is longer than 127 bytes')
  await Promise.all(cut)
})

test('B26: nobody there: in words', async () => {
  const path = place()
  assert.equal(await ask(path), 'no such socket')
  writeFileSync(path, '')
  assert.equal(await ask(path), 'connection refused')
  assert.equal(await ask(`${path}/x`), 'not a directory')
  assert.match((await ask(`/${'x'.repeat(200)}`)) ?? '', /EINVAL|invalid argument/)
  assert.match((await ask('/\0')) ?? '', /./)
})

test('B26: exactly one answer; none once it was cancelled', async t => {
  const faults: (string | null)[] = []
  const path = await agent(t, socket => socket.once('data', () => socket.end('success\r\nsuccess\r\n')))
  await ask(path, 20, fault => faults.push(fault))
  const cancelled = new Promise<void>(resolve => {
    const cancel = askCheck({ interval: 0.2, path: place(), match: { kind: 'string', text: 'x' } }, fault =>
      faults.push(fault),
    )
    cancel()
    cancel()
    setTimeout(resolve, 300)
  })
  await cancelled
  assert.deepEqual(faults, [null])
})

test('B26: many checks at a time do not mix their answers, and leave no descriptor open', {
  skip: !existsSync('/proc/self/fd'),
}, async t => {
  const paths = await Promise.all(
    Array.from({ length: 50 }, (_, i) => agent(t, answers(i % 2 === 0 ? `success ${i}\r\n` : `${i}\r\n`))),
  )
  const before = readdirSync('/proc/self/fd').length
  const faults = await Promise.all(paths.map(path => ask(path)))
  assert.deepEqual(
    faults,
    paths.map((_, i) => (i % 2 === 0 ? null : `answer does not match 'regex:^success': '${i}'`)),
  )
  for (let i = 0; i < 500; i++) await ask(place())
  const left = () => readdirSync('/proc/self/fd').length - before
  for (let i = 0; i < 200 && left() > 0; i++) await new Promise(resolve => setTimeout(resolve, 10))
  assert.ok(left() <= 0, `${left()} more than before`)
})
