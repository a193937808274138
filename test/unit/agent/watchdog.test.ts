import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startWatchdog, watchdogPlan } from '../../../lib/agent/watchdog.ts'

const socket = '/run/systemd/notify'
const asked = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '2000000', WATCHDOG_PID: '10' }

const PLANS = [
  { title: 'nobody asks', env: {}, plan: null },
  { title: 'an empty socket', env: { ...asked, NOTIFY_SOCKET: '' }, plan: null },
  { title: 'for the wrapper', env: asked, plan: { socket, main: 10, usec: 2e6 } },
  { title: 'for this process', env: { ...asked, WATCHDOG_PID: '11' }, plan: { socket, main: 11, usec: 2e6 } },
  { title: 'for a stranger', env: { ...asked, WATCHDOG_PID: '12' }, plan: null },
  { title: 'for rubbish', env: { ...asked, WATCHDOG_PID: 'x' }, plan: null },
  { title: 'no watchdog', env: { NOTIFY_SOCKET: socket }, plan: { socket, main: 11, usec: null } },
  { title: 'an interval of 0', env: { ...asked, WATCHDOG_USEC: '0' }, plan: { socket, main: 10, usec: null } },
  { title: 'an interval of rubbish', env: { ...asked, WATCHDOG_USEC: '1s' }, plan: { socket, main: 10, usec: null } },
]

for (const { title, env, plan } of PLANS) {
  test(`B64: who is to be told: ${title}`, () => assert.deepEqual(watchdogPlan(env, 11, 10), plan))
}

const place = mkdtempSync(join(tmpdir(), 'watchdog-'))
after(() => rmSync(place, { recursive: true }))
const path = process.env['PATH']

/** A systemd-notify of our own that notes what it was asked, and then does `what`. */
function fakeNotify(what: string): () => string[] {
  const told = join(place, 'told')
  rmSync(told, { force: true })
  const program = join(place, 'systemd-notify')
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >>${told}\n${what}\n`)
  chmodSync(program, 0o755)
  process.env['PATH'] = `${place}:${path}`
  return () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : [])
}

async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 20_000
  while (!condition() && Date.now() < limit) await new Promise(resolve => setTimeout(resolve, 10))
  assert.ok(condition(), 'waited in vain')
}

test('B64: it says READY once, and then feeds the watchdog in the name of the main process', async () => {
  const told = fakeNotify('')
  const warnings: string[] = []
  const watchdog = startWatchdog({ socket, main: 10, usec: 100_000 }, text => warnings.push(text))
  await until(() => told().length >= 3)
  watchdog.close()
  const fed = `${socket} --pid=10 WATCHDOG=1 EXTEND_TIMEOUT_USEC=100000`
  assert.deepEqual(told().slice(0, 3), [fed.replace('WATCHDOG', 'READY=1 WATCHDOG'), fed, fed])
  assert.deepEqual(warnings, [])
})

test('B64: without a watchdog it says READY and nothing more', async () => {
  const told = fakeNotify('')
  const watchdog = startWatchdog({ socket, main: 10, usec: null }, assert.fail)
  await until(() => told().length > 0)
  watchdog.close()
  assert.deepEqual(told(), [`${socket} --pid=10 READY=1`])
})

test('B64: a systemd-notify that hangs is given up for the next, with one warning', async () => {
  const told = fakeNotify('exec sleep 1000')
  const warnings: string[] = []
  const watchdog = startWatchdog({ socket, main: 10, usec: 200_000 }, text => warnings.push(text))
  await until(() => told().length >= 3)
  watchdog.close()
  assert.deepEqual(warnings, ['unable to notify systemd: ended with SIGKILL'])
})

const FAULTS = [
  { title: 'one that fails', what: 'exit 3', reason: 'ended with status 3' },
  { title: 'none at all', what: null, reason: 'no such file or directory' },
]

for (const { title, what, reason } of FAULTS) {
  test(`B64: ${title} is a warning`, async () => {
    fakeNotify(what ?? '')
    if (what === null) process.env['PATH'] = '/nonexistent'
    const warnings: string[] = []
    const watchdog = startWatchdog({ socket, main: 10, usec: null }, text => warnings.push(text))
    await until(() => warnings.length > 0)
    watchdog.close()
    assert.deepEqual(warnings, [`unable to notify systemd: ${reason}`])
  })
}
