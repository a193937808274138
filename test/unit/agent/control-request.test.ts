import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseControlRequest } from '../../../lib/agent/control-request.ts'

for (const [line, request] of [
  ['{"ask":"status"}', { ask: 'status', names: [] }],
  ['{"ask":"status","names":["a","b"],"other":1}', { ask: 'status', names: ['a', 'b'] }],
  ['{"ask":"start","name":"a"}', { ask: 'start', name: 'a', wait: 0 }],
  ['{"ask":"stop","name":"a","wait":70.5}', { ask: 'stop', name: 'a', wait: 70.5 }],
  [' {"wait":3600,"name":"a","ask":"restart"} ', { ask: 'restart', name: 'a', wait: 3600 }],
  ['{"ask":"events"}', { ask: 'events', after: 0, most: 1000, wait: 0 }],
  ['{"ask":"events","after":7,"most":1,"wait":20}', { ask: 'events', after: 7, most: 1, wait: 20 }],
  ['{"ask":"explain","name":"a"}', { ask: 'explain', name: 'a' }],
  ['{"ask":"config"}', { ask: 'config' }],
  ['{"ask":"setlog","level":"warn"}', { ask: 'setlog', level: 'warn' }],
  ['{"ask":"version"}', { ask: 'version' }],
] as const) {
  test(`B57: a request: ${line}`, () => assert.deepEqual(parseControlRequest(line), request))
}

for (const [line, message] of [
  ['rubbish', 'the line is not JSON'],
  ['\0\ufffd', 'the line is not JSON'],
  ['null', 'the line is not a JSON object'],
  ['["status"]', 'the line is not a JSON object'],
  ['"status"', 'the line is not a JSON object'],
  ['{}', "field 'ask' is missing"],
  [
    '{"ask":"shutdown"}',
    "field 'ask' is not status, start, stop, restart, events, explain, config, setlog, version, report, apply, sync, task or tasks",
  ],
  [
    '{"ask":["status"]}',
    "field 'ask' is not status, start, stop, restart, events, explain, config, setlog, version, report, apply, sync, task or tasks",
  ],
  ['{"ask":"status","names":"a"}', "field 'names' is not a list of names"],
  ['{"ask":"status","names":[1]}', "field 'names' is not a list of names"],
  [
    `{"ask":"status","names":${JSON.stringify(Array(1001).fill('a'))}}`,
    "field 'names' is not a list of at most 1000 names",
  ],
  ['{"ask":"start"}', "field 'name' is missing"],
  ['{"ask":"stop","name":""}', "field 'name' is not a name"],
  ['{"ask":"restart","name":7}', "field 'name' is not a name"],
  ['{"ask":"explain","name":null}', "field 'name' is not a name"],
  ['{"ask":"start","name":"a","wait":-1}', "field 'wait' is not a number from 0 to 3600"],
  ['{"ask":"start","name":"a","wait":"5"}', "field 'wait' is not a number from 0 to 3600"],
  ['{"ask":"start","name":"a","wait":1e99}', "field 'wait' is not a number from 0 to 3600"],
  ['{"ask":"events","after":0.5}', "field 'after' is not a whole number"],
  ['{"ask":"events","most":-1}', "field 'most' is not a number from 0 to 9007199254740991"],
  ['{"ask":"task"}', "field 'task' is missing"],
  ['{"ask":"task","task":[]}', "field 'task' is not an object"],
  ['{"ask":"setlog"}', "field 'level' is missing"],
  ['{"ask":"setlog","level":"loud"}', "field 'level' is not one of trace, debug, info, warn, error, fatal"],
] as const) {
  test(`B57: no request: ${JSON.stringify(line.slice(0, 60))}`, () =>
    assert.throws(() => parseControlRequest(line), { fault: 'data', message }))
}

const REPLY = { agentsn: '33c5b8b4-5a2c-43c5-ab90-96721451b4ec', tags: null, events: 7 }

test('B51 B52: what a server has answered: a UUID, tags, and the last event it took', () => {
  assert.deepEqual(parseControlRequest(JSON.stringify({ ask: 'apply', reply: REPLY, more: 1 })).ask, 'apply')
})

for (const [reply, error] of [
  [undefined, "field 'reply' is missing"],
  [7, "field 'reply' is not an object"],
  [{ ...REPLY, agentsn: 'x' }, "field 'reply.agentsn' is not a UUID"],
  [{ ...REPLY, tags: 'a\nb' }, "field 'reply.tags' is not tags K=V,K=V"],
  [{ ...REPLY, tasks: [7] }, "field 'reply.tasks' is not a list of ids"],
  [{ ...REPLY, events: -1 }, "field 'events' is not a number from 0 to 9007199254740991"],
] as const) {
  test(`B57: no reply to apply: ${JSON.stringify(reply)}`, () =>
    assert.throws(() => parseControlRequest(JSON.stringify({ ask: 'apply', reply })), {
      fault: 'data',
      message: error,
    }))
}
