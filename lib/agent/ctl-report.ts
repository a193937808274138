import { CommandError } from '../errors.ts'
import { checkOf } from '../model/check.ts'
import { Reply } from '../model/report.ts'
import { readRecords } from '../ndjson/read.ts'
import { askDaemon } from './ctl-ask.ts'
import type { CtlVerb } from './ctl-call.ts'

/** `report`: what the host reports now, for agent-report (B53). */
export const report: CtlVerb = async ({ place, out }) => {
  const { snapshot } = await askDaemon(place, { ask: 'report' })
  await out.record(snapshot)
  return []
}

/**
 * `apply`: brings what agent-report has written to agent-spawn: what a server has answered, and what it wants done. Throws
 * 'unavailable' where there is neither: no server has answered.
 */
export const apply: CtlVerb = async ({ place, out }) => {
  let taken = 0
  for await (const line of readRecords(process.stdin)) {
    if ('fault' in line) throw new CommandError('data', `line ${line.line}: ${line.fault}`)
    const { record } = line
    if (record['type'] === 'reply') {
      const { agentsn, tags, events, tasks, gzip, server } = checkOf(Reply)(record)
      const reply = { agentsn, tags, events, gzip: gzip ? server : null, tasks }
      await askDaemon(place, { ask: 'apply', reply })
    } else if (record['type'] === 'task') {
      const { type: _, ...task } = record
      await askDaemon(place, { ask: 'task', task })
    } else continue
    taken++
  }
  if (taken === 0) throw new CommandError('unavailable', 'no server has answered')
  await out.flush()
  return []
}

/** `sync`: has the host report now, and says what came of it. */
export const sync: CtlVerb = async ({ place, options, out }) => {
  const { answered, message } = await askDaemon({ ...place, timeout: options.timeout ?? SYNC_SECONDS }, { ask: 'sync' })
  out.say(answered ? 'info' : 'warning', message)
  return answered ? [] : ['unavailable']
}

/** How long a report may take: each server its own time. */
const SYNC_SECONDS = 120
