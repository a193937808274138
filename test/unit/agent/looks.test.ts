import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Looks } from '../../../lib/agent/looks.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'
import { until } from './agents.ts'
import { supervise } from './supervised.ts'

/** A running agent that is asked on a socket where nobody answers; `asked` counts. */
async function stalled(t: TestContext, fields: Partial<AgentConfig> = {}) {
  const supervised = supervise(t)
  const { supervisor, world, dir, add, started } = supervised
  const path = join(dir, 'check')
  let asked = 0
  const server: Server = createServer(() => asked++).listen(path)
  t.after(() => server.close())
  await once(server, 'listening')
  const check = { path, interval: 60, match: { kind: 'string', text: 'ok' } } as const
  const unit = add({ startsecs: 0, stopsecs: 1, check, ...fields })
  const looks = new Looks(supervisor, world)
  t.after(() => looks.close())
  await started(unit)
  return { ...supervised, unit, looks, asked: () => asked }
}

test('B26: an answer that is waited for keeps nothing going when all is closed', async t => {
  const { unit, looks, pass, asked } = await stalled(t)
  pass(61)
  looks.schedule(unit)
  await until('it was asked', () => asked() === 1)
  assert.notEqual(unit.cancelCheck, null)
  looks.close()
  assert.equal(unit.cancelCheck, null)
})

test('B27: heartbeats are missed also while the answer to a check is waited for', async t => {
  const { unit, looks, pass, asked, events } = await stalled(t, { heartbeat: { interval: 70, match: null } })
  pass(61)
  looks.schedule(unit)
  await until('it was asked', () => asked() === 1)
  pass(10)
  looks.schedule(unit)
  await until('the heartbeat is missed', () => events().some(({ kind }) => kind === 'check'))
  assert.match(events().at(-1)?.message ?? '', /^heartbeat failed: none within 70 s/)
})

test('B26: what comes of a check while its agent is being stopped is no failure', async t => {
  const { supervisor, unit, looks, pass, asked, events } = await stalled(t)
  pass(61)
  looks.schedule(unit)
  await until('it was asked', () => asked() === 1)
  supervisor.tell(unit, { type: 'stop' })
  assert.equal(unit.cancelCheck, null)
  await until('it is stopped', () => unit.life.state === 'stoped')
  assert.deepEqual(
    events().filter(({ kind }) => kind === 'check'),
    [],
  )
})

test('B25: what an agent used when it was over its limit stays its evidence: while it is stopped nothing is measured', async t => {
  const supervised = supervise(t)
  const { supervisor, world, sleep, pass, add, started, events } = supervised
  const looks = new Looks(supervisor, world)
  t.after(() => looks.close())
  const limits = { interval: 60, cpu: null, mem: null, fds: null }
  const over = add({ name: 'over', stopsecs: 3600, limits: { ...limits, fds: 1 } })
  const within = add({ name: 'within', argv: [sleep, '3601'], limits: { ...limits, fds: 1000 } })
  supervisor.signal = () => {} // a stop that takes its time
  await started(over)
  await started(within)
  pass(61)
  looks.schedule(over)
  await until('it is over its limit', () => over.life.state === 'stopping')
  const { usage } = over
  const before = within.usage
  pass(61)
  looks.schedule(within)
  await until('the other one is measured again', () => within.usage !== before)
  looks.measure([over])
  assert.equal(over.usage, usage)
  assert.match(over.life.forced ?? '', /^resource overflow, FDS\(\d+\)$/)
  assert.equal(events().filter(({ kind }) => kind === 'killed').length, 1)
})
