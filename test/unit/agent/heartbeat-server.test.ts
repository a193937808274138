import assert from 'node:assert/strict'
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Beat, parseBeat, serveHeartbeats } from '../../../lib/agent/heartbeat-server.ts'
import { peer } from '../sys/line-double.ts'

async function serve(t: TestContext) {
  const path = join(mkdtempSync(join(tmpdir(), 'beat-')), 's')
  const beats: Beat[] = []
  const logged: string[] = []
  const server = await serveHeartbeats(
    path,
    beat => {
      beats.push(beat)
      return beat.name === 'unknown' ? "there is no agent 'unknown'" : null
    },
    { log: (level, text) => void logged.push(`${level}: ${text}`) },
  )
  t.after(() => server.close())
  return { path, beats, logged }
}

const beat = (name: string, message = 'ok') => `{"agent":{"name":"${name}","version":"1.0"},"message":"${message}"}`

test('B57: any agent may write to the heartbeat socket, whoever it runs as', async t => {
  const { path } = await serve(t)
  assert.equal(statSync(path).mode & 0o777, 0o666)
})

test('B27: a good heartbeat has no answer, with CR LF or LF alone', async t => {
  const { path, beats } = await serve(t)
  const { socket, all } = await peer(path)
  socket.end(`${beat('a', 'one')}\r\n${beat('b', 'two')}\n{"agent":{"name":"c"},"message":""}`)
  assert.equal(await all, '')
  assert.deepEqual(beats, [
    { name: 'a', version: '1.0', message: 'one' },
    { name: 'b', version: '1.0', message: 'two' },
    { name: 'c', version: null, message: '' },
  ])
})

test('B57: the heartbeat socket takes nothing else: each other line has one line of answer that says why', async t => {
  const { path, beats } = await serve(t)
  const { socket, all } = await peer(path)
  const good = beat('a')
  socket.end(`rubbish\n${beat('unknown')}\n{"ask":"stop","name":"a"}\n${good}\n${good}${' '.repeat(1025)}\n${good}\n`)
  const answers = (await all).trim().split('\n')
  assert.deepEqual(
    answers.map(line => JSON.parse(line)),
    [
      { ok: false, fault: 'data', error: 'the line is not JSON' },
      { ok: false, fault: 'no', error: "there is no agent 'unknown'" },
      { ok: false, fault: 'data', error: "field 'agent' is missing" },
      { ok: false, fault: 'data', error: 'the line has more than 1024 bytes' },
    ],
  )
  assert.deepEqual(
    beats.map(({ name }) => name),
    ['unknown', 'a'],
  )
})

test('B27: a flood of heartbeats costs its sender, not the others; it is logged once', async t => {
  const { path, beats, logged } = await serve(t)
  const flood = await peer(path)
  flood.socket.write(`${beat('flood')}\n`.repeat(5000))
  const other = await peer(path)
  other.socket.end(`${beat('good')}\n${beat('unknown')}\n`)
  assert.match(await other.all, /there is no agent 'unknown'/)
  assert.equal(beats.filter(({ name }) => name === 'good').length, 1)
  flood.socket.destroy()
  await flood.all
  assert.ok(beats.length < 100, `${beats.length} of 5,000 were looked at`)
  assert.deepEqual(logged, [`warn: '${path}': more than 10 heartbeats a second from one client, dropped 1`])
})

for (const [line, message] of [
  ['[]', 'the line is not a JSON object'],
  ['{"message":"x"}', "field 'agent' is missing"],
  ['{"agent":"a","message":"x"}', "field 'agent' is not an object"],
  ['{"agent":{},"message":"x"}', "field 'agent.name' is missing"],
  ['{"agent":{"name":1},"message":"x"}', "field 'agent.name' is not a string"],
  ['{"agent":{"name":"a","version":1},"message":"x"}', "field 'agent.version' is not a string"],
  ['{"agent":{"name":"a"}}', "field 'message' is missing"],
  ['{"agent":{"name":"a"},"message":{}}', "field 'message' is not a string"],
] as const) {
  test(`B27: no heartbeat: ${line}`, () => assert.throws(() => parseBeat(line), { fault: 'data', message }))
}

test('B27: clients that hold all places and say nothing keep no heartbeat out', async t => {
  const { path, beats } = await serve(t)
  const silent = await Promise.all(Array.from({ length: 256 }, () => peer(path)))
  t.after(() => silent.forEach(({ socket }) => void socket.destroy()))
  let answer = 'not asked'
  for (let i = 0; answer !== '' && i < 100; i++) {
    const { socket, all } = await peer(path)
    socket.end(`${beat('late')}\n`)
    answer = await all // for as long as somebody may have spoken just now: there are 256 clients already
    if (answer !== '') await new Promise(resolve => setTimeout(resolve, 100))
  }
  assert.equal(answer, '')
  assert.deepEqual(beats, [{ name: 'late', version: '1.0', message: 'ok' }])
})
