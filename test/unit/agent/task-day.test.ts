import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventStore } from '../../../lib/agent/event-store.ts'
import { queueStep, stats, type TaskReport, tasksForReport } from '../../../lib/agent/task-queue.ts'
import { newQueue, type Queue, type QueueEvent } from '../../../lib/agent/tasks.ts'
import type { Event } from '../../../lib/model/event.ts'
import type { TaskSpec } from '../../../lib/model/task.ts'
import { given } from './task-scenario.ts'

const DAY = 86_400
const START = 1_800_000_000
/** Seconds between two reports, and after a failed one. */
const STEP = 60
const RETRY = 20
const EVENTS_A_REPORT = 50

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Report {
  readonly events: readonly Event[]
  readonly tasks: readonly TaskReport[]
}

/** A server that gives each task until it knows its end, and some of them again for half an hour after that. */
class Server {
  readonly random: () => number
  readonly open = new Map<string, TaskSpec>()
  readonly closed: { readonly task: TaskSpec; readonly at: number }[] = []
  readonly events = new Map<string, Event>()
  readonly ends = new Map<string, TaskReport>()
  given = 0

  constructor(random: () => number) {
    this.random = random
  }

  /** What a person wants done, now and then. */
  want(): void {
    if (this.random() > 1 / 300) return
    const kinds = ['install', 'uninstall', 'restart', 'stop', 'agentConfig', 'config'] as const
    const kind = kinds[Math.floor(this.random() * kinds.length)] ?? 'install'
    const task = given[kind](`${'abcdef'.charAt(Math.floor(this.random() * 6))}${this.given++}`)
    this.open.set(task.id, task)
  }

  answer({ events, tasks }: Report, now: number): readonly TaskSpec[] {
    for (const event of events) {
      const key = `${event.timestamp} ${event.id}`
      assert.deepEqual(this.events.get(key) ?? event, event)
      this.events.set(key, event)
    }
    for (const task of tasks) {
      if (task.errcode < 0) continue
      assert.deepEqual(this.ends.get(task.id) ?? task, task)
      this.ends.set(task.id, task)
      this.close(task.id, now)
    }
    const late = this.closed.slice(-3).filter(({ at }) => now - at < 1800)
    const again = this.random() < 0.2 ? late.map(({ task }) => task) : []
    return [...this.open.values(), ...again].sort(() => this.random() - 0.5)
  }

  close(id: string, at: number): void {
    const task = this.open.get(id)
    if (task === undefined) return
    this.open.delete(id)
    this.closed.push({ task, at })
  }
}

/** A host whose tasks take their time and partly fail. */
class Host {
  readonly random: () => number
  readonly events = new EventStore()
  queue: Queue = newQueue()
  /** When the tasks that are being done will be. */
  readonly until = new Map<string, number>()
  readonly begun: string[] = []
  /** How many events there were, and how many characters of queue at most. */
  happened = 0
  most = 0

  constructor(random: () => number) {
    this.random = random
  }

  step(event: QueueEvent, now: number): void {
    const { queue, actions } = queueStep(this.queue, event, now)
    this.queue = queue
    for (const action of actions) {
      if (action.type === 'note' || action.type === 'ended') continue
      this.begun.push(action.task.id)
      this.until.set(action.task.id, now + 1 + this.random() * (action.type === 'run' ? 900 : 1))
      this.happen(`task '${action.task.id}' is begun`, now)
    }
  }

  happen(message: string, now: number): void {
    this.events.add({ now, kind: 'config', subject: 'a', extra: '1.0', message })
    this.happened++
  }

  second(now: number): void {
    if (this.random() < 1 / 40) this.happen(`something happened at ${now}`, now)
    for (const [id, until] of this.until) {
      if (until > now) continue
      this.until.delete(id)
      this.step({ type: 'done', id, errcode: this.random() < 0.2 ? 205 : 0, message: `ended at ${now}` }, now)
    }
  }

  report(): Report {
    this.most = Math.max(this.most, JSON.stringify(this.queue).length)
    return { events: this.events.undelivered(EVENTS_A_REPORT), tasks: tasksForReport(this.queue) }
  }

  /** The answer says what was delivered: the ends that were in the report, and its last event. */
  apply({ events, tasks }: Report, given: readonly TaskSpec[], now: number): void {
    this.events.acknowledge(events.at(-1)?.id ?? 0)
    this.step({ type: 'delivered', ids: tasks.filter(({ errcode }) => errcode >= 0).map(({ id }) => id) }, now)
    for (const task of given) this.step({ type: 'received', task }, now)
  }
}

/** A request that is on its way until then; `given` null: it fails. */
interface Request {
  readonly report: Report
  readonly given: readonly TaskSpec[] | null
  readonly until: number
}

/** A third of all requests fails: half of these never come to the server, of the others the answer is lost on its way. */
function send(host: Host, server: Server, now: number): Request {
  const report = host.report()
  const luck = server.random()
  const given = luck < 1 / 6 ? null : server.answer(report, now)
  return { report, given: luck < 1 / 3 ? null : given, until: now + Math.floor(server.random() * 15) }
}

for (const seed of [1, 2, 3]) {
  test(`B42 to B47, B51: 24 hours with a server that fails a third of all requests (${seed})`, () => {
    const server = new Server(randomOf(seed))
    const host = new Host(randomOf(seed + 100))
    let next = START
    let request: Request | null = null
    let failed = 0
    let requests = 0
    const halves: number[] = []
    for (let now = START; now < START + DAY + 7200; now++) {
      const isQuiet = now >= START + DAY
      if (!isQuiet) server.want()
      host.second(now)
      if (now === next) {
        request = send(host, server, now)
        requests++
        failed += request.given === null ? 1 : 0
      }
      if (request?.until === now) {
        if (request.given !== null) host.apply(request.report, request.given, now)
        next = now + 1 + (request.given === null ? RETRY : STEP) + Math.floor(server.random() * 5)
        request = null
      }
      if ((now - START) % (DAY / 2) === DAY / 2 - 1) halves.push(host.most)
      if (
        isQuiet &&
        server.open.size === 0 &&
        host.queue.running.length === 0 &&
        host.events.undelivered(1).length === 0
      )
        break
    }
    assert.ok(Math.abs(failed / requests - 1 / 3) < 0.05, `${failed} of ${requests} failed`)

    assert.ok(host.happened > 1000)
    assert.equal(server.events.size, host.happened, 'every event, once by its time and id')
    assert.equal(host.events.takeDropped(), 0)

    assert.ok(server.given > 200)
    assert.equal(server.open.size, 0, 'the server knows of every end')
    assert.equal(server.ends.size, server.given)
    assert.equal(new Set(host.begun).size, host.begun.length, 'no task is done twice')
    const [held, run, fail, pass] = stats(host.queue)
    assert.deepEqual([held, run], [0, host.begun.length])
    const ends = [...server.ends.values()]
    assert.equal(fail, ends.filter(({ errcode }) => errcode > 0).length)
    assert.ok(pass > 200, `${pass} repeats`)

    const [first = 0, second = 0] = halves
    assert.ok(first < 10_000 && second < 10_000, `the memory is flat: ${first}, ${second} characters`)
  })
}
