import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askServer } from '../../../lib/report/ask-server.ts'
import { SNAPSHOT } from './snapshot.ts'
import { recorded, serving } from './wire-server.ts'

test('B68: what an agent uses stands after the fields of the protocol', async () => {
  const resource = { cpu: 1.5, rss: 3000, fds: null }
  const agents = SNAPSHOT.agents.map(agent => ({ ...agent, resource }))
  const [sent = ''] = await serving([recorded('status.reply.bin')], async port => {
    const options = { timeout: 5, request: 65536, answer: 65536, trust: null, now: () => 1232.9, warn: () => {} }
    await askServer({ host: '127.0.0.1', port, tls: false }, { ...SNAPSHOT, agents }, options)
  })
  const agent =
    '{"name":"BasicAgent","version":"1.2.3","status":"stoped","uptime":123,"resource":{"cpu":1.5,"rss":3000,"fds":null}}'
  assert.ok(sent.includes(`"agents":[${agent}]`))
})
