import type { TaskResult } from '../model/task-result.ts'
import { askDaemon } from './ctl-ask.ts'
import type { CtlVerb } from './ctl-call.ts'
import { renderSpan, renderText } from './ctl-text.ts'

const COLUMNS = [
  { head: 'TASK' },
  { head: 'AGENT' },
  { head: 'SINCE' },
  { head: 'ERRCODE' },
  { head: 'MESSAGE' },
] as const

/** `tasks`: what servers want done, and how what was done has ended; a table or a record each (B58). */
export const tasks: CtlVerb = async ({ place, out, now }) => {
  const { tasks } = await askDaemon(place, { ask: 'tasks' })
  if (!out.isPerson) for (const task of tasks) await out.record(task)
  else if (tasks.length > 0) await out.table(COLUMNS, toTaskRows(tasks, now()))
  else out.say('info', 'there are no tasks')
  return []
}

/** Tasks as rows; `now` in seconds since the epoch. */
export function toTaskRows(tasks: readonly TaskResult[], now: number): string[][] {
  return tasks.map(({ id, name, since, errcode, errname, message }) => [
    renderText(id),
    renderText(name ?? '-'),
    since === null ? '-' : renderSpan(now - Date.parse(since) / 1000),
    `${errcode} ${errname}`,
    renderText(message),
  ])
}
