import { queueStep } from '../../../lib/agent/task-queue.ts'
import type { QueueAction, QueueEvent } from '../../../lib/agent/tasks.ts'
import { newQueue, type Queue, type TaskResult } from '../../../lib/agent/tasks.ts'
import type { TaskSpec } from '../../../lib/model/task.ts'

/** A task of each kind; the id and the agent in one word: `a1` is the task 1 of agent a. */
export const given = {
  install: (id: string): TaskSpec => ({
    ...of(id),
    action: 'install',
    url: 'file:///a',
    checksum: null,
    speed: 100,
    parameter: null,
  }),
  uninstall: (id: string): TaskSpec => ({ ...of(id), action: 'uninstall', force: false }),
  restart: (id: string): TaskSpec => ({ ...of(id), action: 'program', operation: 'restart', force: false }),
  stop: (id: string): TaskSpec => ({ ...of(id), action: 'program', operation: 'stop', force: true }),
  agentConfig: (id: string): TaskSpec => ({ ...of(id), action: 'agent-config', parameter: {} }),
  config: (id: string): TaskSpec => ({ id, action: 'config', servers: null, step: 60 }),
}

function of(id: string): { id: string; name: string; version: string } {
  return { id, name: id.charAt(0), version: '1' }
}

function endOf({ id, name, errcode, message }: TaskResult): string {
  return `ended: ${name ?? 'bootagent'} ${id} ${errcode}: ${message}`
}

/** A queue, and what it has said. */
export class Tasks {
  queue: Queue = newQueue()
  now = 0
  /** The ids of what was begun, in order. */
  begun: string[] = []
  notes: string[] = []

  step(event: QueueEvent): readonly QueueAction[] {
    const { queue, actions } = queueStep(this.queue, event, this.now)
    this.queue = queue
    for (const action of actions) {
      if (action.type === 'note') this.notes.push(`${action.level}: ${action.text}`)
      else if (action.type === 'ended') this.notes.push(endOf(action.result))
      else this.begun.push(action.task.id)
    }
    return actions
  }

  receive(...tasks: TaskSpec[]): this {
    for (const task of tasks) this.step({ type: 'received', task })
    return this
  }

  done(id: string, errcode = 0, message = 'done'): this {
    this.step({ type: 'done', id, errcode, message })
    return this
  }

  get waiting(): string[] {
    return this.queue.waiting.map(({ id }) => id)
  }

  get results(): (string | number)[][] {
    return this.queue.results.map(({ id, errcode }) => [id, errcode])
  }
}
