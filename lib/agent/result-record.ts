import { ERRCODES, errcodeOf } from '../model/errcodes.ts'
import type { TaskResult } from '../model/task-result.ts'
import { toWallTime } from '../sys/clock.ts'
import type { Queue } from './tasks.ts'

/** The tasks of a host as records: those that are being done, those that wait, and the ends that no server was told yet. */
export function toTaskResults({ running, waiting, results }: Queue): readonly TaskResult[] {
  const begun = running.map(({ id, name, since }) =>
    toRecord({ id, name, errcode: errcodeOf('START'), message: 'is being done', since }),
  )
  const waits = waiting.map(({ id, name, action }) =>
    toRecord({ id, name, errcode: errcodeOf('VALID'), message: `${action} waits for its turn`, since: null }),
  )
  return [...begun, ...waits, ...results.map(result => toRecord({ ...result, since: null }))]
}

function toRecord(
  task: Omit<TaskResult, 'type' | 'since' | 'errname'> & { readonly since: number | null },
): TaskResult {
  const { id, name, errcode, message } = task
  const since = task.since === null ? null : new Date(toWallTime(task.since) * 1000).toISOString()
  const errname = ERRCODES.find(({ code }) => code === errcode)?.name ?? 'INTERNAL'
  return { type: 'result', id, name, since, errcode, errname, message }
}
