import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type LineServerOptions, listenLines } from '../../../lib/sys/line-server.ts'
import { peer } from './line-double.ts'

const place = () => mkdtempSync(join(tmpdir(), 'line-'))

async function serve(t: TestContext, options: Partial<LineServerOptions> = {}) {
  const path = join(place(), 's.sock')
  const logged: string[] = []
  const server = await listenLines({
    path,
    mode: 0o600,
    lineBytes: 100,
    answerBytes: 1024 * 1024,
    clients: 4,
    idleSeconds: 60,
    bytesPerSecond: 1024 * 1024,
    onLine: line => `<${line}>`,
    refuse: (fault, text) => `${fault}: ${text}`,
    log: (_, text) => logged.push(text),
    ...options,
  })
  t.after(() => server.close())
  return { path: options.path ?? path, server, logged }
}

test('B57: each line gets its answer, whatever pieces it comes in; empty lines are nothing', async t => {
  const { path } = await serve(t)
  const { socket, all } = await peer(path)
  socket.write('a\r\n\n\r\nb\nc')
  setImmediate(() => socket.end('d\n'))
  assert.equal(await all, '<a>\n<b>\n<cd>\n')
})

test('B57: answers come in order, also where a later one is ready sooner, and after the client has ended', async t => {
  const { path } = await serve(t, {
    onLine: line => new Promise(done => setTimeout(() => done(line), line === 'slow' ? 50 : 0)),
  })
  const { socket, all } = await peer(path)
  socket.end('slow\nfast\nno end')
  assert.equal(await all, 'slow\nfast\nno end\n')
})

test('B57: a line that is too long gets one error line, the rest of it is skipped, then it is closed', async t => {
  const { path } = await serve(t)
  const first = await peer(path)
  const second = await peer(path)
  first.socket.write(`${'x'.repeat(100)}\n${'y'.repeat(101)}`)
  await first.got('data:')
  first.socket.write(`${'y'.repeat(50_000)}\nnever\n`)
  assert.equal(await first.all, `<${'x'.repeat(100)}>\ndata: the line has more than 100 bytes\n`)
  second.socket.end(`é\n${'é'.repeat(51)}\n`)
  assert.equal(await second.all, '<é>\ndata: the line has more than 100 bytes\n')
})

test('B57: one client more than the bound is told so and closed; when one leaves there is room again', async t => {
  const { path, logged } = await serve(t, { clients: 1 })
  const first = await peer(path)
  first.socket.write('a\n')
  await first.got('<a>')
  const second = await peer(path)
  second.socket.end('b\n')
  assert.equal(await second.all, 'again: there are 1 clients already\n')
  first.socket.end()
  await first.all
  const third = await peer(path)
  third.socket.end('c\n')
  assert.equal(await third.all, '<c>\n')
  assert.deepEqual(logged, [`'${path}': 1 clients already, refused 1`])
})

test('B57: a client that is idle, or whose line never ends, is closed; one that is waiting for its answer is not', async t => {
  let answer = (_: string) => {}
  const { path } = await serve(t, {
    idleSeconds: 1,
    onLine: () =>
      new Promise(done => {
        answer = done
      }),
  })
  const waiting = await peer(path)
  waiting.socket.end('wait\n')
  const idle = await peer(path)
  const slow = await peer(path)
  const drip = setInterval(() => slow.socket.write('x'), 50)
  t.after(() => clearInterval(drip))
  assert.deepEqual(await Promise.all([idle.all, slow.all]), ['', ''])
  answer('done')
  assert.equal(await waiting.all, 'done\n')
})

test('B57: a client that never reads its answers is asked nothing more, and dropped at the bound or in time', async t => {
  let asked = 0
  const onLine = () => {
    asked++
    return 'x'.repeat(1_000_000)
  }
  const { path } = await serve(t, { answerBytes: 10_000_000, idleSeconds: 0.5, onLine })
  const late = await peer(path, false)
  late.socket.write('a\n'.repeat(1000))
  const more = setInterval(() => late.socket.write('b\n'), 20)
  t.after(() => clearInterval(more))
  await new Promise(done => late.socket.on('error', done).on('close', done))
  assert.equal(asked, 1)
  const { path: bounded } = await serve(t, { answerBytes: 100_000, idleSeconds: 600, onLine })
  const never = await peer(bounded, false)
  const closed = new Promise(done => never.socket.on('close', done))
  never.socket.write('a\n')
  never.socket.on('end', () => never.socket.end()).resume()
  await closed
  assert.equal(asked, 2)
})

test('B57: what a handler throws drops its client, is logged, and disturbs nobody', async t => {
  const { path, logged } = await serve(t, {
    onLine: line => {
      if (line === 'throw') throw new Error('thrown')
      return line === 'reject' ? Promise.reject(new Error('rejected')) : line
    },
  })
  const good = await peer(path)
  for (const line of ['throw', 'reject']) {
    const bad = await peer(path)
    bad.socket.write(`${line}\n`)
    assert.equal(await bad.all, '')
  }
  good.socket.end('good\n')
  assert.equal(await good.all, 'good\n')
  assert.deepEqual(logged, [`'${path}': a client was dropped: thrown`, `'${path}': a client was dropped: rejected`])
})

test('B57: garbage of one client does not disturb another; a flood is read at a bounded rate and ends with its sender', async t => {
  const { path } = await serve(t, { bytesPerSecond: 10_000, onLine: line => (line === 'a' ? 'A' : null) })
  const flood = await peer(path)
  flood.socket.on('error', () => {})
  const garbage = Buffer.from('\0\xff\n{\n'.repeat(1000), 'latin1')
  const more = () => {
    while (!flood.socket.destroyed && flood.socket.write(garbage));
  }
  flood.socket.on('drain', more)
  more()
  const other = await peer(path)
  other.socket.end('a\n')
  assert.equal(await other.all, 'A\n')
  flood.socket.destroy()
})

test('B57: the socket has its mode, whatever the umask, and is taken away at the end', async t => {
  const { path, server } = await serve(t, { mode: 0o666 })
  assert.equal(statSync(path).mode & 0o777, 0o666)
  server.close()
  assert.deepEqual(readdirSync(join(path, '..')), [])
})

test('B57: the socket of a dead server is replaced, a living one refuses, another file stays', async t => {
  const { path } = await serve(t)
  await assert.rejects(serve(t, { path }), { fault: 'again', message: `another one listens on '${path}'` })
  const dead = join(place(), 'dead.sock')
  const script = `require('net').createServer().listen('${dead}', () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', script])
  assert.ok(existsSync(dead))
  await serve(t, { path: dead })
  const next = await peer(dead)
  next.socket.end('a\n')
  assert.equal(await next.all, '<a>\n')
  const file = join(place(), 'file')
  writeFileSync(file, 'x')
  await assert.rejects(serve(t, { path: file }), { fault: 'config', message: /it is there, and no socket/ })
  await assert.rejects(serve(t, { path: join(place(), 'no/s') }), { message: /no such file or directory/ })
})

test('B57: a socket that is not its own any more is not taken away', async t => {
  const { path, server } = await serve(t)
  renameSync(path, `${path}.old`)
  await serve(t, { path })
  server.close()
  const { socket, all } = await peer(path)
  socket.end('a\n')
  assert.equal(await all, '<a>\n')
})

test('B57: a path of 107 bytes is served, one of 108 is refused by name', async t => {
  const dir = place()
  const path = join(dir, 'x'.repeat(107 - dir.length - 1))
  await serve(t, { path })
  const { socket, all } = await peer(path)
  socket.end('a\n')
  assert.equal(await all, '<a>\n')
  await assert.rejects(serve(t, { path: `${path}x` }), {
    fault: 'config',
    message: `the path of a socket has at most 107 bytes, this one has 108: '${path}x'`,
  })
})

test('B57: a directory that may not be written to is no place', {
  skip: process.getuid?.() === 0 && 'root may',
}, async t => {
  const dir = place()
  chmodSync(dir, 0o500)
  await assert.rejects(serve(t, { path: join(dir, 's') }), { fault: 'permission' })
})

test('B57: without a descriptor left for a client the server lives on, and the next one is served', () => {
  const script = join(place(), 'emfile.ts')
  const module = join(import.meta.dirname, '../../../lib/sys/line-server.ts')
  writeFileSync(script, EMFILE.replace('MODULE', JSON.stringify(module)))
  const shell = `ulimit -n 60; exec '${process.execPath}' '${script}' '${join(place(), 's')}'`
  assert.equal(execFileSync('/bin/sh', ['-c', shell], { encoding: 'utf8', timeout: 20_000 }), 'refused\n<after>\n')
})

/** Takes all descriptors, has a client of another process's come, gives them back, and has one more come. */
const EMFILE = `
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { connect } from 'node:net'
import { listenLines } from MODULE
const path = process.argv[2]
const server = await listenLines({
  path, mode: 0o600, lineBytes: 100, answerBytes: 1000, clients: 100, idleSeconds: 60, bytesPerSecond: 1e6,
  onLine: line => '<' + line + '>', refuse: (fault, text) => text, log: () => {},
})
const late = "process.stdin.once('data', () => require('net').connect('" + path +
  "').on('error', () => {}).on('close', () => process.exit()).on('data', () => {}))"
const child = spawn(process.execPath, ['-e', late], { stdio: ['pipe', 'ignore', 'inherit'] })
const kept = []
for (;;) { try { kept.push(openSync('/dev/null', 'r')) } catch { break } }
child.stdin.write('go')
child.on('exit', () => {
  process.stdout.write('refused\\n')
  for (const fd of kept) closeSync(fd)
  const after = connect(path, () => after.end('after\\n'))
  after.setEncoding('utf8').on('data', text => process.stdout.write(text)).on('close', () => server.close())
})
`
