import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { askServer } from '../../../lib/report/ask-server.ts'
import { SNAPSHOT } from './snapshot.ts'

/** Bytes as they go over the wire, with the values of the examples in the source document. */
const recorded = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/report', name), 'latin1')

/** A server that answers each connection with the next of these, and keeps what it was sent. */
async function serving(answers: readonly string[], use: (port: number) => Promise<void>): Promise<readonly string[]> {
  const taken: string[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    const answer = answers[taken.length] ?? ''
    const at = taken.push('') - 1
    socket.setEncoding('latin1').on('data', (text: string) => {
      taken[at] += text
      const [head = '', body = ''] = (taken[at] ?? '').split(/(?<=\r\n\r\n)/)
      if (body.length >= Number(/Content-Length: (\d+)/.exec(head)?.[1])) socket.end(answer, 'latin1')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    await use(typeof address === 'object' && address !== null ? address.port : 0)
  } finally {
    server.close()
  }
  return taken
}

const OPTIONS = { timeout: 5, request: 65536, answer: 65536, trust: null, now: () => 1232.9 }

test('B52 B53 B54: what goes out and comes back, byte for byte', async () => {
  const answers = [recorded('register.answer'), recorded('status.answer')]
  const warnings: string[] = []
  let port = 0
  const taken = await serving(answers, async free => {
    port = free
    const snapshot = { ...SNAPSHOT, agentsn: 'bfdcc18c-b6b9-4725-9c47-37fd93dba5b6', registered: false }
    const options = { ...OPTIONS, warn: (text: string) => void warnings.push(text) }
    const { reply, tasks } = await askServer({ host: '127.0.0.1', port, tls: false }, snapshot, options)
    const { seconds, ...rest } = reply
    assert.ok(seconds >= 0)
    assert.deepEqual(rest, {
      type: 'reply',
      server: `127.0.0.1:${port}`,
      agentsn: '33c5b8b4-5a2c-43c5-ab90-96721451b4ec',
      tags: 'svc=ecs,cmpt=DB',
      status: 2,
      message: null,
      events: 5,
      tasks: ['ddc8a9b9-55bd-4ddd-b53d-47095ee19466'],
      offered: 2,
      gzip: false,
    })
    const [install, config] = tasks
    assert.deepEqual(install, {
      type: 'task',
      id: 'ddc8a9b9-55bd-4ddd-b53d-47095ee19466',
      action: 'install',
      name: 'BasicAgent',
      url: 'ftp://server:port/BasicAgent/BasicAgent-0.1.0-0.x86_64.rpm',
      checksum: 'SHA256:4a34b8d7d3009bb9ef9475fbf33e7bbe4a1e8db003aefc578a241c2f51c2c2f2',
      envs: { PATH: '/usr/bin;/usr/local/bin' },
      limits: { CPU: '10%', MEM: '20M' },
    })
    assert.deepEqual(config, {
      type: 'task',
      id: 'ddc8a9b9-55bd-4ddd-b53d-47095ee19466',
      action: 'config',
      svrlist: '192.168.9.1:1234,',
      step: 1200,
    })
  })
  const wanted = ['register.request', 'status.request'].map(name => recorded(name).replace('PORT', String(port)))
  assert.deepEqual(taken, wanted)
  assert.deepEqual(warnings, ['it answered with status 2'])
})

test('B68: what an agent uses stands after the fields of the protocol', async () => {
  const resource = { cpu: 1.5, rss: 3000, fds: null }
  const agents = SNAPSHOT.agents.map(agent => ({ ...agent, resource }))
  const [sent = ''] = await serving([recorded('status.answer')], async port => {
    const options = { ...OPTIONS, warn: () => {} }
    await askServer({ host: '127.0.0.1', port, tls: false }, { ...SNAPSHOT, agents }, options)
  })
  const agent =
    '{"name":"BasicAgent","version":"1.2.3","status":"stoped","uptime":123,"resource":{"cpu":1.5,"rss":3000,"fds":null}}'
  assert.ok(sent.includes(`"agents":[${agent}]`))
})
