import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAnswered, parseRegistered } from '../../../lib/report/answer.ts'

const SN = 'dcb886e9-04ed-41bb-9c12-4d2de12cd59b'

const REGISTERED = [
  {
    title: 'the example of the source, with its comma at the end taken off',
    body: `{"status": 0, "agentsn": "${SN}", "tags": "svc=ecs,cmpt=DB"}`,
    is: { agentsn: SN, tags: 'svc=ecs,cmpt=DB', faults: [] },
  },
  { title: 'nothing but a status', body: '{"status":0}', is: { agentsn: null, tags: null, faults: [] } },
  {
    title: 'empty and null',
    body: '{"status":0,"agentsn":null,"tags":""}',
    is: { agentsn: null, tags: null, faults: [] },
  },
  {
    title: 'tags that are no text',
    body: '{"status":0,"tags":7}',
    is: { agentsn: null, tags: null, faults: ['the tags are not text'] },
  },
  {
    title: 'a line end in the tags',
    body: '{"status":0,"tags":"a=b\\nAgentSN:x"}',
    is: { agentsn: null, tags: null, faults: ['the tags have control characters'] },
  },
  {
    title: 'tags that are too long',
    body: `{"status":0,"tags":"a=${'b'.repeat(1024)}"}`,
    is: { agentsn: null, tags: null, faults: ['the tags are longer than 1024 bytes'] },
  },
] as const

for (const { title, body, is } of REGISTERED) {
  test(`B52: the answer to a registration: ${title}`, () => assert.deepEqual(parseRegistered(body), is))
}

const REFUSED = [
  { body: '{"status":2,"message":"a","cause":"b"}', reason: 'the registration was refused with status 2: a: b' },
  { body: '{"status":0,"agentsn":"x"}', reason: 'the agentsn of the answer is no UUID' },
  { body: '{"status":0,"agentsn":7}', reason: 'the agentsn of the answer is no UUID' },
  { body: '{"status":0.5}', reason: 'the answer has no status' },
  { body: '{"status":1e400}', reason: 'the answer has no status' },
  { body: '', reason: 'the answer is not JSON' },
  { body: '"text"', reason: 'the answer is no object' },
] as const

for (const { body, reason } of REFUSED) {
  test(`B52: the answer to a registration is refused: ${reason}, ${body}`, () => {
    assert.throws(() => parseRegistered(body), { fault: 'data', message: reason })
  })
}

test('B53: the answer to a report: the tasks of the example of the source, as they came', () => {
  const install = {
    id: 'ddc8a9b9-55bd-4ddd-b53d-47095ee19466',
    action: 'install',
    name: 'BasicAgent',
    url: 'ftp://server:port/BasicAgent/BasicAgent-0.1.0-0.x86_64.rpm',
    checksum: 'SHA256:4a34b8d7d3009bb9ef9475fbf33e7bbe4a1e8db003aefc578a241c2f51c2c2f2',
    envs: { PATH: '/usr/bin;/usr/local/bin' },
    limits: { CPU: '10%', MEM: '20M' },
  }
  const config = { id: install.id, action: 'config', svrlist: '192.168.9.1:1234,', step: 1200 }
  const { status, tasks, offered, faults } = parseAnswered(JSON.stringify({ status: 2, tasks: [install, config] }))
  assert.deepEqual([status, offered, faults], [2, 2, ['it answered with status 2']])
  assert.deepEqual(tasks, [
    { type: 'task', ...install },
    { type: 'task', ...config },
  ])
})

const TASKS = [
  { task: null, reason: 'it is no object' },
  { task: [], reason: 'it is no object' },
  { task: 'stop', reason: 'it is no object' },
  { task: { action: 'stop' }, reason: 'it has no id' },
  { task: { id: 1, action: 'stop' }, reason: 'it has no id' },
  { task: { id: 'a' }, reason: 'it has no action' },
  { task: { id: 'a', action: ['stop'] }, reason: 'it has no action' },
] as const

for (const { task, reason } of TASKS) {
  test(`B33: ${JSON.stringify(task)} is no task: ${reason}; the others are taken`, () => {
    const { tasks, offered, faults } = parseAnswered(
      JSON.stringify({ status: 0, tasks: [task, { id: 'b', action: 'stop' }] }),
    )
    assert.deepEqual(tasks, [{ type: 'task', id: 'b', action: 'stop' }])
    assert.deepEqual([offered, faults], [2, [`task 1 of its answer is ignored: ${reason}`]])
  })
}

test('B53: an answer without tasks, and one whose tasks are null', () => {
  for (const body of ['{"status":0}', '{"status":0,"tasks":null}', '{"status":0,"tasks":[]}']) {
    assert.deepEqual(parseAnswered(body), { status: 0, message: null, tasks: [], offered: 0, faults: [] })
  }
})

test('B54: an answer of lists inside one another is refused, one with brackets in its texts is not', () => {
  const deep = `{"status":0,"tasks":${'['.repeat(40)}${']'.repeat(40)}}`
  assert.throws(() => parseAnswered(deep), { message: 'the answer has more than 32 objects inside one another' })
  const flat = JSON.stringify({ status: 0, message: `${'[{'.repeat(40)}\\"${'['.repeat(40)}` })
  assert.equal(parseAnswered(flat).status, 0)
})

test('B54: an answer that is made to be slow to read is not', () => {
  for (const body of ['"' + '\\"'.repeat(32_000), '"'.repeat(65_000), '\\'.repeat(65_000), '[{"'.repeat(20_000)]) {
    assert.throws(() => parseAnswered(body), { fault: 'data' })
  }
})
