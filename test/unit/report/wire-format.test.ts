import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SNAPSHOT } from './snapshot.ts'
import { exchange, recorded } from './wire-server.ts'

const REGISTERED = '33c5b8b4-5a2c-43c5-ab90-96721451b4ec'

/** A host that is not registered yet, with two of each: one with all its fields, one with those that must be. */
const snapshot = {
  ...SNAPSHOT,
  agentsn: 'bfdcc18c-b6b9-4725-9c47-37fd93dba5b6',
  registered: false,
  agents: [...SNAPSHOT.agents, { name: 'MiniAgent', version: '1.2.1-2.x86_64', status: 'running', uptime: 0 }],
  tasks: [...SNAPSHOT.tasks, { id: 'ddc8a9b9-55bd-4ddd-b53d-47095ee19467', errcode: -1, message: 'START' }],
  events: [
    ...SNAPSHOT.events,
    { id: 6, timestamp: 123456790, category: 'agent', subject: null, extra: null, message: 'it is "up" — again' },
  ],
}

/** A host and a clock differ from run to run: their place in the recorded bytes. */
function withoutRun(sent: string, port: number): string {
  return sent.replace(`\r\nHost: 127.0.0.1:${port}\r\n`, '\r\nHost: 127.0.0.1:PORT\r\n').replace(
    /(?<="uptime":1234,"timestamp":)\d{10}(?=,"step")/, // in seconds: ten digits until 2286
    seconds => {
      assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 60)
      return '1700000000'
    },
  )
}

test('B52 B53 B54: the bytes that agent-report sends are the recorded ones', async () => {
  const { sent, stderr, port } = await exchange(snapshot, [
    recorded('register.reply.bin'),
    recorded('status.reply.bin'),
  ])
  const wanted = [recorded('register.request.bin'), recorded('status.request.bin')]
  assert.deepEqual(
    sent.map(bytes => withoutRun(bytes, port)),
    wanted,
  )
  assert.equal(stderr, `agent-report: warning: server '127.0.0.1:${port}': it answered with status 2\n`)
})

const HEADERS = [
  ['Host', /^127\.0\.0\.1:PORT$/],
  ['User-Agent', /^agent-report$/],
  ['Accept', /^application\/json$/],
  ['Accept-Encoding', /^gzip$/],
  ['Content-Type', /^application\/json$/],
  ['Content-Length', /^\d+$/],
  ['Connection', /^close$/],
] as const

for (const verb of ['register', 'status']) {
  const [head = '', body = ''] = recorded(`${verb}.request.bin`).split('\r\n\r\n')
  const [start, ...lines] = head.split('\r\n')
  test(`B54: ${verb}: the request line, the headers, and nothing after the body`, () => {
    assert.equal(start, `POST /api/v1/agent/${verb} HTTP/1.1`)
    const headers = lines.map(line => line.split(': '))
    assert.deepEqual(
      headers.map(([name]) => name),
      HEADERS.map(([name]) => name),
    )
    for (const [at, [, form]] of HEADERS.entries()) assert.match(headers[at]?.[1] ?? '', form)
    assert.equal(Number(new Map(headers.map(([a = '', b]) => [a, b])).get('Content-Length')), body.length)
    assert.equal(JSON.stringify(JSON.parse(body)), body) // no blanks, no line ends, no number as 1e3 or 1.0
  })
}

/** What a field holds: text, as JSON has it, or a whole number, in digits alone. */
const FORMS = {
  text: /^".*"$/,
  uuid: /^"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"$/,
  address: /^"127\.0\.0\.1"$/,
  state: /^"(?:stoped|running|fatal|killed|starting|backoff|stopping)"$/,
  whole: /^(?:0|[1-9]\d*)$/,
  errcode: /^-?(?:0|[1-9]\d*)$/,
  object: /^\{.*\}$/s,
  list: /^\[.*\]$/s,
} as const

type Row = readonly [field: string, form: keyof typeof FORMS]

const AGENT: readonly Row[] = [
  ['name', 'text'],
  ['version', 'text'],
  ['status', 'state'],
  ['uptime', 'whole'],
]
const TASK: readonly Row[] = [
  ['id', 'uuid'],
  ['errcode', 'errcode'],
  ['message', 'text'],
]
const WHERE: readonly Row[] = [
  ['subject', 'text'],
  ['extra', 'text'],
]
const eventWith = (about: readonly Row[]): readonly Row[] => [
  ['timestamp', 'whole'],
  ['category', 'text'],
  ...about,
  ['message', 'text'],
  ['id', 'whole'], // ours: with it and agentsn a server can tell events apart (B51)
]

/** Each object that is sent: where it is, and its fields in their order. */
const OBJECTS: readonly (readonly [
  row: string,
  verb: string,
  path: readonly (string | number)[],
  fields: readonly Row[],
])[] = [
  [
    'B52',
    'register',
    [],
    [
      ['hostname', 'text'],
      ['ipaddr', 'address'],
      ['agentsn', 'uuid'],
    ],
  ],
  [
    'B53',
    'status',
    [],
    [
      ['hostname', 'text'],
      ['agentsn', 'uuid'],
      ['version', 'text'],
      ['feature', 'whole'],
      ['uptime', 'whole'],
      ['timestamp', 'whole'],
      ['step', 'whole'],
      ['stats', 'object'],
      ['agents', 'list'],
      ['tasks', 'list'],
      ['events', 'list'],
    ],
  ],
  ['B47 B53', 'status', ['stats'], [['task', 'list']]],
  [
    'B47 B53',
    'status',
    ['stats', 'task'],
    [
      ['0', 'whole'],
      ['1', 'whole'],
      ['2', 'whole'],
      ['3', 'whole'],
    ],
  ],
  ['B53', 'status', ['agents', 0], AGENT],
  ['B53', 'status', ['agents', 1], AGENT],
  ['B45 B53', 'status', ['tasks', 0], TASK],
  ['B45 B53', 'status', ['tasks', 1], TASK],
  ['B51 B53', 'status', ['events', 0], eventWith(WHERE)],
  ['B51 B53', 'status', ['events', 1], eventWith([])],
]

for (const [row, verb, path, fields] of OBJECTS) {
  const text = recorded(`${verb}.request.bin`).split('\r\n\r\n')[1] ?? ''
  const found = at(JSON.parse(Buffer.from(text, 'latin1').toString()), path)
  test(`${row}: ${verb} ${path.join('.')}: has these fields in this order, and no other`, () => {
    assert.deepEqual(
      Object.keys(found),
      fields.map(([name]) => name),
    )
  })
  for (const [name, form] of fields) {
    test(`${row}: ${verb} ${[...path, name].join('.')}: is ${form}`, () => {
      const value = JSON.stringify(Object.entries(found).find(([key]) => key === name)?.[1])
      assert.match(value, FORMS[form])
    })
  }
}

/** The object at a path. */
function at(value: unknown, path: readonly (string | number)[]): object {
  const found = path.reduce<unknown>((under, key) => Object(under)[key], value)
  assert.ok(typeof found === 'object' && found !== null)
  return found
}

test('B52 B53: what is answered, field by field, is in the reply', async () => {
  const { records } = await exchange(snapshot, [recorded('register.reply.bin'), recorded('status.reply.bin')])
  const [{ seconds, server, ...reply } = {}] = records
  assert.equal(typeof seconds, 'number')
  assert.match(String(server), /^127\.0\.0\.1:\d+$/)
  assert.deepEqual(reply, {
    type: 'reply',
    agentsn: REGISTERED, // of the registration, in place of the one that was sent
    tags: 'svc=ecs,cmpt=DB', // of the registration
    status: 2, // of the report: told, and its tasks are taken
    message: null,
    events: 6,
    tasks: ['ddc8a9b9-55bd-4ddd-b53d-47095ee19466'],
    offered: 2,
    run: null,
    gzip: false,
  })
})

test('B53: the common answer: status, message and cause', async () => {
  const registered = { ...SNAPSHOT, registered: true }
  const { records, stderr } = await exchange(registered, [recorded('error.reply.bin')])
  assert.equal(records.length, 1)
  assert.deepEqual(
    [records[0]?.['status'], records[0]?.['message'], records[0]?.['agentsn'], records[0]?.['tags']],
    [2, 'common error type: unmarshal body failed', REGISTERED, null],
  )
  assert.match(stderr, /it answered with status 2: common error type: unmarshal body failed\n$/)
})
