import { errcodeOf } from '../model/errcodes.ts'
import type { ConfigTask, TaskRefusal, TaskSpec } from '../model/task.ts'
import { isAlone, nextTask } from './task-order.ts'
import { cancel, deliver, finish } from './task-results.ts'
import { type NamedTask, note, type Queue, type QueueAction, type QueueEvent, type QueueMove } from './tasks.ts'

/** So many tasks wait at most (B41). */
export const TASK_NUM_MAX = 50
/** How long an id is remembered, in seconds, and how many are (B42). */
const SEEN_SECONDS = 3600
const SEEN_MOST = 50

/** One task as a report tells of it (B53). */
export interface TaskReport {
  readonly id: string
  readonly errcode: number
  readonly message: string
}

/** What becomes of the tasks (B33, B39 to B47); `now` in seconds since the epoch. Pure. */
export function queueStep(queue: Queue, event: QueueEvent, now: number): QueueMove {
  switch (event.type) {
    case 'received':
      return beginAll(
        'refusal' in event.task ? refused(queue, event.task.refusal, now) : receive(queue, event.task, now),
        now,
      )
    case 'resumed':
      return resume(queue, event, now)
    case 'done':
      return beginAll(end(queue, event, now), now)
    case 'delivered':
      return deliver(queue, event.ids)
    default:
      return event satisfies never
  }
}

/** tasknum, taskrun, taskfail, taskpass (B47). */
export function stats({ waiting, running, run, fail, pass }: Queue): readonly [number, number, number, number] {
  return [waiting.length + running.length, run, fail, pass]
}

/** What a report says of the tasks: those that are being done, those that wait (B45), and the ends not told yet. */
export function tasksForReport({ waiting, running, results }: Queue): readonly TaskReport[] {
  return [
    ...running.map(({ id }) => ({ id, errcode: errcodeOf('START'), message: 'START' })),
    ...waiting.map(({ id }) => ({ id, errcode: errcodeOf('VALID'), message: 'VALID' })),
    ...results.map(({ id, errcode, message }) => ({ id, errcode, message })),
  ]
}

function receive(queue: Queue, task: TaskSpec, now: number): QueueMove {
  if (isKnown(queue, task.id, now)) return repeated(queue, task.id)
  if (task.action === 'config') return configure(queue, task, now)
  const forced = task.action === 'program' && task.force
  const { queue: room, actions } = forced ? cancel(queue, task.name, task.id) : { queue, actions: [] }
  const after: Queue = { ...room, waiting: [...room.waiting, task] }
  if (after.waiting.length > TASK_NUM_MAX && nextTask(after) !== task)
    return full(room, task.id, task.name, `${TASK_NUM_MAX} tasks wait already`)
  return { queue: remember(after, task.id, now), actions }
}

/** That of bootagent itself waits for nothing (B39). */
function configure(queue: Queue, task: ConfigTask, now: number): QueueMove {
  const { length } = queue.running
  if (length >= TASK_NUM_MAX) return full(queue, task.id, null, `${length} tasks are being done already`)
  return { queue: remember(begun(queue, task, now), task.id, now), actions: [{ type: 'configure', task }] }
}

/** It is not remembered: the server may well give it again. */
function full(queue: Queue, id: string, name: string | null, message: string): QueueMove {
  return finish(queue, { id, name, errcode: errcodeOf('QUEUE_FULL'), message, began: false })
}

function refused(queue: Queue, { id, errcode, message }: TaskRefusal, now: number): QueueMove {
  if (id === null) return { queue, actions: [note('warn', `a task is ignored: ${message}`)] }
  if (isKnown(queue, id, now)) return repeated(queue, id)
  return finish(remember(queue, id, now), { id, name: null, errcode, message, began: false })
}

function repeated(queue: Queue, id: string): QueueMove {
  return {
    queue: { ...queue, pass: queue.pass + 1 },
    actions: [note('info', `task '${id}' is ignored: it is a repeat`)],
  }
}

function resume(queue: Queue, { id, name }: { id: string; name: string }, now: number): QueueMove {
  const running = [...queue.running, { id, name, alone: true, since: now }]
  return { queue: remember({ ...queue, running }, id, now), actions: [] }
}

function end(queue: Queue, event: Extract<QueueEvent, { type: 'done' }>, now: number): QueueMove {
  const { id, errcode, message } = event
  const ended = queue.running.find(task => task.id === id)
  if (ended === undefined) return { queue, actions: [note('error', `task '${id}' has ended, but was not being done`)] }
  const running = queue.running.filter(task => task !== ended)
  const code = errcode < 0 ? errcodeOf('INTERNAL') : errcode
  return finish(remember({ ...queue, running }, id, now), { id, name: ended.name, errcode: code, message, began: true })
}

/** All that may be begun now is. */
function beginAll(move: QueueMove, now: number): QueueMove {
  const actions: QueueAction[] = [...move.actions]
  let { queue } = move
  for (let task = nextTask(queue); task !== null; task = nextTask(queue)) {
    const taken = task
    queue = begun({ ...queue, waiting: queue.waiting.filter(other => other !== taken) }, task, now)
    actions.push(task.action === 'agent-config' ? { type: 'configure', task } : { type: 'run', task })
  }
  return { queue, actions }
}

function begun(queue: Queue, task: NamedTask | ConfigTask, now: number): Queue {
  const who = task.action === 'config' ? { name: null, alone: false } : { name: task.name, alone: isAlone(task) }
  return { ...queue, running: [...queue.running, { id: task.id, ...who, since: now }] }
}

/** B42; a task is known as long as it is here, or its end was not told. */
function isKnown({ waiting, running, results, seen }: Queue, id: string, now: number): boolean {
  const here = [waiting, running, results].some(list => list.some(task => task.id === id))
  return here || seen.some(task => task.id === id && isFresh(task.at, now))
}

function remember(queue: Queue, id: string, now: number): Queue {
  const others = queue.seen.filter(task => task.id !== id && isFresh(task.at, now))
  return { ...queue, seen: [...others.slice(1 - SEEN_MOST), { id, at: now }] }
}

/** The clock may have been set in between. */
function isFresh(at: number, now: number): boolean {
  return Math.abs(now - at) < SEEN_SECONDS
}
