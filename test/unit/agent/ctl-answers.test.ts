import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toAgentConfig } from '../../../lib/agent/ctl-agent-config.ts'
import { readReply } from '../../../lib/agent/ctl-answers.ts'
import { CommandError } from '../../../lib/errors.ts'
import { parseAgentConfig } from '../../../lib/model/agent-config-parse.ts'

const whole = {
  name: 'web',
  version: '1.2.4',
  exec: '/bin/sleep 10',
  type: 'fork',
  pidfile: '/run/web.pid',
  user: 'nobody',
  group: 'nogroup',
  envs: { A: 'b' },
  cgroup: { CPU: 10, MEM: 1024 },
  limits: { CPU: 30, MEM: 100000, FDS: 50 },
  check: { path: '/run/web.sock', match: 'string:ok' },
  heartbeat: { interval: 10, match: 'regex:^ok' },
}

for (const [title, given] of Object.entries({ whole, least: { name: 'a', version: '1', exec: '/bin/a' } })) {
  test(`B58: a configuration, ${title}, comes through the control socket as it is`, () => {
    const { config, faults } = parseAgentConfig(given)
    assert.deepEqual(faults, [])
    const sent: unknown = JSON.parse(JSON.stringify(config))
    assert.deepEqual(toAgentConfig(sent), config)
    assert.ok(typeof sent === 'object' && sent !== null)
    for (const field of Object.keys(sent)) {
      for (const bad of [undefined, { x: 1 }, [null]]) {
        if (field === 'envs' && bad !== undefined && !Array.isArray(bad)) continue
        const fault = field === 'envs' && Array.isArray(bad) ? [] : bad
        assert.throws(
          () => toAgentConfig({ ...sent, [field]: fault }),
          new Error(`field '${field}' is wrong or missing`),
        )
      }
    }
  })
}

test('B58: what is no configuration at all names the first field', () => {
  for (const bad of [null, 7, 'x', []])
    assert.throws(() => toAgentConfig(bad), new Error("field 'name' is wrong or missing"))
})

test('B57: a refusal comes as it is, and an unknown one is none', () => {
  assert.deepEqual(readReply('version', '{"ok":false,"fault":"again","error":"later"}'), {
    ok: false,
    fault: 'again',
    error: 'later',
  })
  for (const bad of [
    '{"ok":false,"fault":"bug","error":"x"}',
    '{"ok":false,"fault":"no"}',
    '{"ok":1}',
    '[]',
    '"x"',
    '',
  ])
    assert.throws(
      () => readReply('version', bad),
      (error: unknown) => error instanceof CommandError && error.fault === 'data',
    )
})

test('B57: whatever is answered, it is a checked answer, a refusal, or a fault of the data', () => {
  const asks = ['status', 'start', 'events', 'explain', 'config', 'setlog', 'version'] as const
  const names = ['ok', 'agents', 'events', 'last', 'lost', 'lines', 'settings', 'level', 'version', 'agent', 'fault']
  const fields = fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }))
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fields.map(value => JSON.stringify({ ok: true, ...value })),
  )
  fc.assert(
    fc.property(fc.constantFrom(...asks), line, (ask, line) => {
      try {
        const reply = readReply(ask, line)
        assert.equal(typeof reply.ok, 'boolean')
      } catch (error) {
        assert.ok(error instanceof CommandError)
        assert.equal(error.fault, 'data')
      }
    }),
    { numRuns: 2000 },
  )
})
