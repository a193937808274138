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

/** `apply`: brings what agent-report has written back to agent-spawn. Throws 'unavailable' where no server answered. */
export const apply: CtlVerb = async ({ place, out }) => {
  let replies = 0
  for await (const line of readRecords(process.stdin)) {
    if ('fault' in line) throw new CommandError('data', `line ${line.line}: ${line.fault}`)
    if (line.record['type'] !== 'reply') continue
    const { agentsn, tags, events } = checkOf(Reply)(line.record)
    await askDaemon(place, { ask: 'apply', reply: { agentsn, tags, events } })
    replies++
  }
  if (replies === 0) throw new CommandError('unavailable', 'no server has answered')
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
