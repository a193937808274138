import { errcodeOf } from '../model/errcodes.ts'
import { note, type Queue, type QueueMove, type TaskResult } from './tasks.ts'

/** So many ends are kept for the next report, each with so long a message, in characters. */
export const RESULTS_MOST = 200
const MESSAGE_MOST = 500

/** Records how a task ended, to be told to the server. */
export function finish(queue: Queue, ended: TaskResult): QueueMove {
  const line = ended.message.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  const message = line.length > MESSAGE_MOST ? `${line.slice(0, MESSAGE_MOST - 1)}…` : line
  const result = { ...ended, message }
  return {
    queue: bounded({
      ...queue,
      results: [...queue.results, result],
      run: queue.run + (result.began ? 1 : 0),
      fail: queue.fail + (result.errcode === 0 ? 0 : 1),
    }),
    actions: [{ type: 'ended', result }],
  }
}

/** A report was answered: the ends that it told are forgotten; says what could not be told. */
export function deliver(queue: Queue, ids: readonly string[]): QueueMove {
  const told = new Set(ids)
  const results = queue.results.filter(({ id }) => !told.has(id))
  const warning = note('warn', `${queue.lost} results were thrown away before a server had them`)
  return { queue: { ...queue, results, lost: 0 }, actions: queue.lost === 0 ? [] : [warning] }
}

/** The waiting tasks of an agent are done with, undone (B40). */
export function cancel(queue: Queue, name: string, by: string): QueueMove {
  const cancelled = queue.waiting.filter(task => task.name === name)
  const start: QueueMove = {
    queue: { ...queue, waiting: queue.waiting.filter(task => task.name !== name) },
    actions: [],
  }
  return cancelled.reduce((move, { id }) => {
    const end = { id, name, errcode: errcodeOf('CANCELLED'), message: `cancelled by task '${by}'`, began: false }
    const { queue, actions } = finish(move.queue, end)
    return { queue, actions: [...move.actions, ...actions] }
  }, start)
}

/** What was not even begun is thrown away first, then the oldest. */
function bounded(queue: Queue): Queue {
  const { results, lost } = queue
  if (results.length <= RESULTS_MOST) return queue
  const first = Math.max(
    0,
    results.findIndex(({ began }) => !began),
  )
  return { ...queue, results: results.toSpliced(first, 1), lost: lost + 1 }
}
