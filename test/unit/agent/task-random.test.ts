import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { queueStep, stats, tasksForReport } from '../../../lib/agent/task-queue.ts'
import { newQueue, type Queue, type QueueAction, type QueueEvent } from '../../../lib/agent/tasks.ts'
import type { TaskSpec } from '../../../lib/model/task.ts'
import { given } from './task-scenario.ts'

const NAMES = [...'abcdefghijkl']
const KINDS = ['install', 'install', 'uninstall', 'restart', 'restart', 'stop', 'agentConfig', 'config'] as const

/** What a server, the host and time do. */
type Turn =
  | { readonly say: 'reply'; readonly tasks: readonly (TaskSpec | null)[] }
  | { readonly say: 'end'; readonly which: number; readonly errcode: number }
  | { readonly say: 'answered'; readonly share: number }
  | { readonly say: 'later'; readonly seconds: number }

/** Few ids, so that many repeat; null: a task without an id. */
const tasks = (ids: number) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    {
      weight: 20,
      arbitrary: fc
        .tuple(fc.constantFrom(...KINDS), fc.constantFrom(...NAMES), fc.nat(ids))
        .map(([kind, name, number]) => given[kind](`${name}${number}`)),
    },
  )

const turns: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ say: fc.constant('reply'), tasks: fc.array(tasks(9), { maxLength: 30, size: 'max' }) }),
  fc.record({ say: fc.constant('reply'), tasks: fc.array(tasks(9), { minLength: 2, maxLength: 4 }).map(repeated) }),
  fc.record({ say: fc.constant('end'), which: fc.nat(20), errcode: fc.constantFrom(0, 0, 204, 501) }),
  fc.record({ say: fc.constant('end'), which: fc.nat(20), errcode: fc.constantFrom(0, 0, 204, 501) }),
  fc.record({ say: fc.constant('answered'), share: fc.constantFrom(0, 0.5, 1, 1) }),
  fc.record({ say: fc.constant('later'), seconds: fc.constantFrom(1, 60, 1800, 4000, -60, -1e6) }),
)

function repeated<T>(list: readonly T[]): T[] {
  return [...list, ...list.toReversed(), ...list]
}

/** Plays a story and looks at every step of it. */
class Story {
  queue: Queue = newQueue()
  now = 1e9
  /** By id: how often it was taken, begun and ended. */
  readonly taken = new Map<string, number>()
  readonly begun = new Map<string, number>()
  readonly ended = new Map<string, number>()

  play(turn: Turn): void {
    switch (turn.say) {
      case 'reply':
        for (const task of turn.tasks) this.receive(task)
        return
      case 'end': {
        const { running } = this.queue
        const task = running[turn.which % Math.max(1, running.length)]
        if (task !== undefined) this.step({ type: 'done', id: task.id, errcode: turn.errcode, message: 'x' })
        return
      }
      case 'answered': {
        const ends = this.queue.results.filter((_, i) => i < turn.share * this.queue.results.length)
        this.step({ type: 'delivered', ids: ends.map(({ id }) => id) })
        return
      }
      case 'later':
        this.now += turn.seconds
        return
      default:
        turn satisfies never
    }
  }

  receive(task: TaskSpec | null): void {
    const { pass } = this.queue
    const refusal = { id: null, errcode: 101, message: 'no id' }
    this.step({ type: 'received', task: task ?? { refusal } })
    if (task !== null && this.queue.pass === pass) count(this.taken, task.id)
  }

  step(event: QueueEvent): void {
    const before = this.queue
    const { queue, actions } = queueStep(before, event, this.now)
    this.queue = queue
    for (const result of queue.results) if (!before.results.includes(result)) count(this.ended, result.id)
    this.begin(actions, event.type === 'done' ? event.id : null)
    this.look(before)
  }

  begin(actions: readonly QueueAction[], ended: string | null): void {
    for (const action of actions) {
      if (action.type === 'note' || action.type === 'ended') continue
      assert.notEqual(action.task.id, ended)
      count(this.begun, action.task.id)
    }
  }

  look(before: Queue): void {
    const { running, waiting, results, seen, run, fail, pass } = this.queue
    const names = running.flatMap(({ name }) => name ?? [])
    assert.equal(new Set(names).size, names.length, 'B39: one task an agent')
    assert.ok(running.filter(({ alone }) => alone).length <= 1, 'B39: downloads never overlap')
    assert.ok(running.filter(({ alone, name }) => !alone && name !== null).length <= 8)
    assert.ok(waiting.length <= 50 && running.length <= 58 && results.length <= 200 && seen.length <= 50, 'B41, B42')
    if (waiting.length > 0) assert.ok(running.length > 0, 'B39: nothing waits for nothing')
    assert.ok(run >= before.run && fail >= before.fail && pass >= before.pass, 'B47')
    assert.equal(stats(this.queue)[0], running.length + waiting.length)
    const ids = tasksForReport(this.queue).map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length, 'B45: each is told once')
  }

  finish(): void {
    for (let [first] = this.queue.running; first !== undefined; [first] = this.queue.running)
      this.step({ type: 'done', id: first.id, errcode: 0, message: 'x' })
  }
}

function count(map: Map<string, number>, id: string): void {
  map.set(id, (map.get(id) ?? 0) + 1)
}

test('B39 to B47: whatever a server sends, every task that is taken ends once, and is begun once at most', () => {
  fc.assert(
    fc.property(fc.array(turns, { maxLength: 60, size: 'max' }), list => {
      const story = new Story()
      for (const turn of list) story.play(turn)
      story.finish()
      assert.deepEqual(story.queue.waiting, [])
      assert.deepEqual(new Map([...story.ended].sort()), new Map([...story.taken].sort()))
      for (const [id, times] of story.begun) assert.ok(times <= (story.taken.get(id) ?? 0), id)
    }),
    { numRuns: 400 },
  )
})

test('B41: 1,000 tasks in one reply: 51 are taken, all others told that they were not, as many as are kept', () => {
  fc.assert(
    fc.property(fc.array(tasks(1e6), { minLength: 1000, maxLength: 1000 }), list => {
      const story = new Story()
      story.play({ say: 'reply', tasks: list })
      const { results, lost, running, waiting } = story.queue
      assert.equal(results.length, Math.min(200, results.length + lost))
      const taken = [...story.taken.values()].reduce((sum, times) => sum + times, 0)
      assert.equal(results.length + lost + running.length + waiting.length, taken)
      story.finish()
      assert.deepEqual(new Map([...story.ended].sort()), new Map([...story.taken].sort()))
    }),
    { numRuns: 15 },
  )
})
