import { CommandError, type Fault, reasonOf } from '../errors.ts'
import { checkOf } from '../model/check.ts'
import { Reply } from '../model/report.ts'
import { type JsonObject, readRecords } from '../ndjson/read.ts'
import { askDaemon, type DaemonPlace } from './ctl-ask.ts'
import type { CtlVerb } from './ctl-call.ts'

/** `report`: what the host reports now, for agent-report (B53). */
export const report: CtlVerb = async ({ place, out }) => {
  const { snapshot } = await askDaemon(place, { ask: 'report' })
  await out.record(snapshot)
  return []
}

/**
 * `apply`: brings what agent-report has written to agent-spawn: what a server has answered, and what it wants done; what
 * cannot be brought is told, and the rest all the same. Throws 'unavailable' where there is nothing: no server has answered.
 */
export const apply: CtlVerb = async ({ place, out }) => {
  const faults: Fault[] = []
  let taken = 0
  for await (const line of readRecords(process.stdin)) {
    try {
      if ('fault' in line) throw new CommandError('data', line.fault)
      if (await bring(place, line.record)) taken++
    } catch (error) {
      const { fault, message } = error instanceof CommandError ? error : new CommandError('data', reasonOf(error))
      if (fault === 'unavailable' || fault === 'permission') throw error
      faults.push(fault)
      out.say('warning', `line ${line.line}: ${message}`)
    }
  }
  if (taken === 0 && faults.length === 0) throw new CommandError('unavailable', 'no server has answered')
  await out.flush()
  return faults
}

/** Brings one record to agent-spawn; false: it is neither a reply nor a task. */
async function bring(place: DaemonPlace, record: JsonObject): Promise<boolean> {
  if (record['type'] === 'reply') {
    const { agentsn, run = null, tags, events, tasks, gzip, server } = checkOf(Reply)(record)
    const reply = { agentsn, run, tags, events, gzip: gzip ? server : null, tasks }
    await askDaemon(place, { ask: 'apply', reply })
  } else if (record['type'] === 'task') {
    const { type: _, ...task } = record
    await askDaemon(place, { ask: 'task', task })
  } else return false
  return true
}

/** `sync`: has the host report now, and says what came of it. */
export const sync: CtlVerb = async ({ place, options, out }) => {
  const { answered, message } = await askDaemon({ ...place, timeout: options.timeout ?? SYNC_SECONDS }, { ask: 'sync' })
  out.say(answered ? 'info' : 'warning', message)
  return answered ? [] : ['unavailable']
}

/** How long a report may take: each server its own time. */
const SYNC_SECONDS = 120
