import assert from 'node:assert/strict'
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type ControlHandlers, serveControl } from '../../../lib/agent/control-server.ts'
import { CommandError } from '../../../lib/errors.ts'
import type { ControlAnswers } from '../../../lib/model/control.ts'
import { openLines } from '../../../lib/sys/line-client.ts'
import { peer } from '../sys/line-double.ts'

const NOT_NEEDED = () => {
  throw new CommandError('no', 'not in this test')
}

async function serve(t: TestContext, handlers: Partial<ControlHandlers>) {
  const path = join(mkdtempSync(join(tmpdir(), 'control-')), 's')
  const logged: string[] = []
  const log = { log: (level: string, text: string) => logged.push(`${level}: ${text}`) }
  const all = {
    status: NOT_NEEDED,
    start: NOT_NEEDED,
    stop: NOT_NEEDED,
    restart: NOT_NEEDED,
    events: NOT_NEEDED,
    explain: NOT_NEEDED,
    config: NOT_NEEDED,
    setlog: NOT_NEEDED,
    version: NOT_NEEDED,
    report: NOT_NEEDED,
    apply: NOT_NEEDED,
    sync: NOT_NEEDED,
    task: NOT_NEEDED,
    tasks: NOT_NEEDED,
    ...handlers,
  }
  const server = await serveControl(path, all, { log: (level, text) => void log.log(level, text) })
  const lines = await openLines(path, 20)
  t.after(() => {
    lines.close()
    server.close()
  })
  return { path, logged, ask: async (line: string): Promise<unknown> => JSON.parse(await lines.ask(line)) }
}

const VERSION: ControlAnswers['version'] = { version: '1.2.3', pid: 7, uptime: 5, feature: 0 }

test('B57: the control socket is for its owner alone', async t => {
  const { path } = await serve(t, {})
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('B57: answers, refusals and what is not understood, in order', async t => {
  const { ask, logged } = await serve(t, {
    version: () => VERSION,
    setlog: async ({ level }) => ({ level, before: 'info' }),
    explain: ({ name }) => {
      throw new CommandError('no', `there is no agent '${name}'`)
    },
    events: () => Promise.reject(new CommandError('again', 'too many')),
  })
  assert.deepEqual(
    await Promise.all([
      ask('{"ask":"setlog","level":"warn"}'),
      ask('{"ask":"version"}'),
      ask('{"ask":"explain","name":"x"}'),
      ask('{"ask":"events"}'),
      ask('{"ask":"explain"}'),
      ask('}{'),
      ask('{"agent":{"name":"x"},"message":"a heartbeat"}'),
    ]),
    [
      { ok: true, level: 'warn', before: 'info' },
      { ok: true, ...VERSION },
      { ok: false, fault: 'no', error: "there is no agent 'x'" },
      { ok: false, fault: 'again', error: 'too many' },
      { ok: false, fault: 'data', error: "field 'name' is missing" },
      { ok: false, fault: 'data', error: 'the line is not JSON' },
      { ok: false, fault: 'data', error: "field 'ask' is missing" },
    ],
  )
  assert.deepEqual(logged, [])
})

test('B57: each request gets to the one who answers it', async t => {
  const asked: unknown[] = []
  const note = (request: unknown) => {
    asked.push(request)
    throw new CommandError('no', 'asked')
  }
  const { ask } = await serve(t, {
    status: note,
    start: note,
    stop: note,
    restart: note,
    events: note,
    explain: note,
    config: note,
    setlog: note,
    version: note,
  })
  const requests = [
    { ask: 'status', names: ['a'] },
    { ask: 'start', name: 'a', wait: 1 },
    { ask: 'stop', name: 'a', wait: 2 },
    { ask: 'restart', name: 'a', wait: 3 },
    { ask: 'events', after: 1, most: 2, wait: 3 },
    { ask: 'explain', name: 'a' },
    { ask: 'config' },
    { ask: 'setlog', level: 'fatal' },
    { ask: 'version' },
  ]
  for (const request of requests)
    assert.deepEqual(await ask(JSON.stringify(request)), { ok: false, fault: 'no', error: 'asked' })
  assert.deepEqual(asked, requests)
})

test('B57: a fault of ours is told and logged, and the next request is answered', async t => {
  const { ask, logged } = await serve(t, {
    version: () => VERSION,
    config: () => {
      throw new TypeError('a bug')
    },
  })
  assert.deepEqual(await ask('{"ask":"config"}'), { ok: false, fault: 'again', error: 'the request failed: a bug' })
  assert.deepEqual(await ask('{"ask":"version"}'), { ok: true, ...VERSION })
  assert.deepEqual(logged, ['error: a request failed: a bug'])
})

test('B57: a request of more than 64 KiB is refused', async t => {
  const { ask } = await serve(t, {})
  assert.deepEqual(await ask(`{"ask":"version"${' '.repeat(65_536)}}`), {
    ok: false,
    fault: 'data',
    error: 'the line has more than 65536 bytes',
  })
})

test('B57: random bytes in random pieces never hurt: each line has its answer, and the server lives on', async t => {
  const { path, ask } = await serve(t, { version: () => VERSION })
  let seed = 42
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * below)
  }
  const parts = ['{"ask":"version"}', '{"ask":', '\n', '\r\n', '\0', '\xff\xfe', '"', '[[[[', '}', 'null', '9e999', ' ']
  for (let round = 0; round < 30; round++) {
    const text = Array.from({ length: 200 }, () => parts[random(parts.length)]).join('')
    const { socket, all } = await peer(path)
    const bytes = Buffer.from(text, 'latin1')
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random(50)
      await new Promise(done => socket.write(bytes.subarray(at, at + size), done))
      at += size
    }
    socket.end()
    const asked = text.split(/\r?\n/).filter(line => line !== '').length
    const answers = (await all).split('\n').slice(0, -1)
    assert.equal(answers.length, asked)
    for (const answer of answers) assert.equal(typeof JSON.parse(answer).ok, 'boolean')
  }
  assert.deepEqual(await ask('{"ask":"version"}'), { ok: true, ...VERSION })
})
