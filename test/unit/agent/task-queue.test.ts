import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stats, tasksForReport } from '../../../lib/agent/task-queue.ts'
import { errcodeOf } from '../../../lib/model/errcodes.ts'
import type { TaskSpec } from '../../../lib/model/task.ts'
import { given, Tasks } from './task-scenario.ts'

const { install, uninstall, restart, stop, config, agentConfig } = given

/** title, tasks in one reply, what is begun at once, what is begun when the first of all that run ends, again and again */
const orders: readonly [string, TaskSpec[], string[], string[]][] = [
  ['downloads never overlap', [install('a1'), install('b2'), install('c3')], ['a1'], ['b2', 'c3']],
  ['an uninstall neither', [install('a1'), uninstall('b2')], ['a1'], ['b2']],
  ['a restart goes ahead of the queue', [install('a1'), install('b2'), restart('c3')], ['a1', 'c3'], ['b2']],
  ['not where its agent has a task before it', [install('a1'), install('b2'), restart('b3')], ['a1'], ['b2', 'b3']],
  ['nor where that is being done', [install('a1'), restart('a2'), restart('b3')], ['a1', 'b3'], ['a2']],
  ['one task an agent at a time', [restart('a1'), restart('a2'), install('a3')], ['a1'], ['a2', 'a3']],
  ['an install is not held up by another agent', [restart('a1'), install('a2'), install('b3')], ['a1', 'b3'], ['a2']],
  ['config is done at once', [install('a1'), install('b2'), config('c'), config('d')], ['a1', 'c', 'd'], ['b2']],
  ['that of an agent too', [install('a1'), agentConfig('b2')], ['a1', 'b2'], []],
  ['but never in the midst of another task of it', [install('a1'), agentConfig('a2')], ['a1'], ['a2']],
  [
    'so many agents at a time',
    [...'abcdefghij'].map(name => restart(`${name}1`)),
    [...'abcdefgh'].map(name => `${name}1`),
    ['i1', 'j1'],
  ],
]
for (const [title, tasks, atOnce, later] of orders) {
  test(`B39: ${title}`, () => {
    const host = new Tasks().receive(...tasks)
    assert.deepEqual(host.begun, atOnce)
    for (let [first] = host.queue.running; first !== undefined; [first] = host.queue.running) host.done(first.id)
    assert.deepEqual(host.begun, [...atOnce, ...later])
    assert.deepEqual([host.waiting, host.results.length], [[], tasks.length])
  })
}

test('B40: force cancels what waits for the agent, and lets end what is being done', () => {
  const host = new Tasks().receive(install('a1'), restart('a2'), install('b3'), install('a4'), stop('a5'))
  assert.deepEqual([host.begun, host.waiting], [['a1'], ['b3', 'a5']])
  const code = errcodeOf('CANCELLED')
  assert.deepEqual(host.results, [
    ['a2', code],
    ['a4', code],
  ])
  assert.equal(tasksForReport(host.queue).at(-1)?.message, "cancelled by task 'a5'")
  host.done('a1')
  assert.deepEqual(host.begun, ['a1', 'b3', 'a5'])
  assert.deepEqual(stats(host.queue), [2, 1, 2, 0])
})

test('B40: a repeat of it cancels nothing', () => {
  const host = new Tasks().receive(install('b1'), stop('a2')).done('a2').receive(install('a3'), stop('a2'))
  assert.deepEqual([host.waiting, host.queue.pass], [['a3'], 1])
})

test('B41: at most 50 wait; one more is refused, and may be given again', () => {
  const host = new Tasks().receive(install('z0'))
  for (let i = 1; i <= 51; i++) host.receive(install(`a${i}`))
  assert.equal(host.waiting.length, 50)
  assert.deepEqual(host.results, [['a51', errcodeOf('QUEUE_FULL')]])
  assert.match(host.notes.at(-1) ?? '', /^ended: a a51 103: 50 tasks wait already$/)
  host.step({ type: 'delivered', ids: ['a51'] })
  host.done('z0').receive(install('a51'))
  assert.deepEqual([host.waiting.length, host.waiting.at(-1), host.queue.pass], [50, 'a51', 0])
})

test('B41: what need not wait is not refused when 50 do', () => {
  const host = new Tasks().receive(install('z0'))
  for (let i = 1; i <= 50; i++) host.receive(install(`a${i}`))
  host.receive(restart('b1'), config('c'), restart('a51'))
  assert.deepEqual(host.begun, ['z0', 'b1', 'c'])
  assert.deepEqual(host.results, [['a51', errcodeOf('QUEUE_FULL')]])
})

test('B41: configurations that are not answered are bounded too', () => {
  const host = new Tasks()
  for (let i = 1; i <= 51; i++) host.receive(config(`c${i}`))
  assert.deepEqual([host.queue.running.length, host.results], [50, [['c51', errcodeOf('QUEUE_FULL')]]])
})

test('B42: a repeat is ignored and counted, while it waits, is done, was not told, and for an hour', () => {
  const host = new Tasks().receive(install('a1'), install('b2'))
  host.receive(install('a1'), restart('b2'), restart('a1'))
  assert.deepEqual([host.queue.pass, host.waiting], [3, ['b2']])
  host.now = 9999
  host.receive(install('a1')).done('a1')
  host.now = 99_999
  host.receive(install('a1'))
  host.step({ type: 'delivered', ids: ['a1'] })
  assert.equal(host.queue.pass, 5)
  host.done('b2')
  host.step({ type: 'delivered', ids: ['b2'] })
  host.now += 3599
  host.receive(install('b2'))
  assert.deepEqual([host.queue.pass, host.begun], [6, ['a1', 'b2']])
  host.now += 1
  host.receive(install('b2'))
  assert.deepEqual([host.queue.pass, host.begun], [6, ['a1', 'b2', 'b2']])
})

test('B42: 50 ids are remembered, and no more', () => {
  const host = new Tasks()
  const all = Array.from({ length: 51 }, (_, i) => `a${i}`)
  for (const id of all) host.receive(restart(id)).done(id)
  host.step({ type: 'delivered', ids: all })
  host.receive(restart('a1'))
  assert.equal(host.queue.pass, 1)
  host.receive(restart('a0'))
  assert.equal(host.begun.at(-1), 'a0')
})

test('B42: the clock may be set', () => {
  const host = new Tasks()
  host.now = 1e9
  host.receive(restart('a1')).done('a1')
  host.step({ type: 'delivered', ids: ['a1'] })
  host.now = 1e9 - 60
  host.receive(restart('a1'))
  assert.equal(host.queue.pass, 1)
  host.now = 5
  host.receive(restart('a1'))
  assert.deepEqual(host.begun, ['a1', 'a1'])
})

test('B33: without an id it is only logged; another fault is a result', () => {
  const host = new Tasks()
  host.step({ type: 'received', task: { refusal: { id: null, errcode: 101, message: "no 'id'" } } })
  assert.deepEqual([host.notes, stats(host.queue)], [["warn: a task is ignored: no 'id'"], [0, 0, 0, 0]])
  for (const _ of [1, 2])
    host.step({ type: 'received', task: { refusal: { id: 'x', errcode: 102, message: "'y' is no action" } } })
  assert.deepEqual(tasksForReport(host.queue), [{ id: 'x', errcode: 102, message: "'y' is no action" }])
  assert.deepEqual(stats(host.queue), [0, 0, 1, 1])
})

test('B44: a failure is told with its reason, and not tried again', () => {
  const host = new Tasks().receive(install('a1')).done('a1', 204, 'the checksum differs')
  assert.deepEqual(tasksForReport(host.queue), [{ id: 'a1', errcode: 204, message: 'the checksum differs' }])
  assert.deepEqual([host.begun, stats(host.queue)], [['a1'], [0, 1, 1, 0]])
  assert.equal(host.notes.at(-1), 'ended: a a1 204: the checksum differs')
})

test('B45: phases are told while they last, ends until they were delivered', () => {
  const host = new Tasks().receive(install('a1'), install('b2'))
  assert.deepEqual(tasksForReport(host.queue), [
    { id: 'a1', errcode: -1, message: 'START' },
    { id: 'b2', errcode: -2, message: 'VALID' },
  ])
  host.done('a1')
  const wanted = [
    { id: 'b2', errcode: -1, message: 'START' },
    { id: 'a1', errcode: 0, message: 'done' },
  ]
  for (const _ of [1, 2]) assert.deepEqual(tasksForReport(host.queue), wanted)
  host.step({ type: 'delivered', ids: ['a1', 'never heard of'] })
  assert.deepEqual(tasksForReport(host.queue), wanted.slice(0, 1))
})

test('B45: a report that was on its way does not take an end with it that came later', () => {
  const host = new Tasks().receive(install('a1'))
  host.done('a1')
  host.step({ type: 'delivered', ids: [] })
  assert.deepEqual(host.results, [['a1', 0]])
})

test('B45: an end that is a phase is a fault of ours; so is one of nothing', () => {
  const host = new Tasks().receive(install('a1')).done('a1', -1)
  assert.deepEqual(host.results, [['a1', errcodeOf('INTERNAL')]])
  host.done('a1')
  assert.deepEqual([host.results.length, host.notes.at(-1)], [1, "error: task 'a1' has ended, but was not being done"])
})

test('B43: what an earlier agent-spawn had begun is taken up: it is a task like others', () => {
  const host = new Tasks()
  host.step({ type: 'resumed', id: 'a1', name: 'a' })
  host.receive(install('a1'), restart('a2'), install('b3'), restart('c4'))
  assert.deepEqual([host.begun, host.queue.pass], [['c4'], 1])
  host.done('a1', 505, 'went back')
  assert.deepEqual([host.begun, host.results], [['c4', 'a2', 'b3'], [['a1', 505]]])
})

test('B45: results are bounded: what was never begun is thrown away first, then the oldest, and that is told', () => {
  const host = new Tasks().receive(install('z0'))
  for (let i = 0; i < 120; i++) host.receive(restart(`a${i}`)).done(`a${i}`)
  for (let i = 0; i < 1000; i++) host.receive(install(`z${i}`))
  assert.equal(host.results.length, 200)
  assert.deepEqual(host.results.filter(([, code]) => code === 0).length, 120)
  for (let i = 200; i < 320; i++) host.receive(restart(`a${i}`)).done(`a${i}`)
  assert.deepEqual([host.results.length, host.results[0]], [200, ['a40', 0]])
  host.step({ type: 'delivered', ids: ['a40'] })
  assert.match(host.notes.at(-1) ?? '', /^warn: 989 results were thrown away before a server had them$/)
  host.step({ type: 'delivered', ids: ['a41'] })
  assert.equal(host.queue.results.length, 198)
  assert.equal(host.notes.filter(text => text.includes('thrown away')).length, 1)
})

test('B45: so is the length of their messages, which are one line', () => {
  const lines = new Tasks().receive(install('a1')).done('a1', 302, 'rpm: no\r\n\trpm: never')
  assert.equal(lines.queue.results[0]?.message, 'rpm: no rpm: never')
  const host = new Tasks().receive(install('a1')).done('a1', 901, 'x'.repeat(10_000))
  assert.equal(host.queue.results[0]?.message.length, 500)
})
