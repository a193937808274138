import { toSteadyTime } from '../sys/clock.ts'
import { matches } from './adoption.ts'
import type { LifeEvent } from './life.ts'
import { readPidFile } from './pid-file.ts'
import { processIdOf, startedAt } from './process-id.ts'
import type { Unit } from './unit.ts'

/** The clocks of processes and of starts differ by so many seconds at most. */
const TOLERANCE = 1

/**
 * Reads the pid file of a `fork` agent (B15, B16). The process that it names counts when it came after the start, or
 * runs the agent's program, and is not of another agent (`taken`): a stranger's pid does not.
 */
export function refresh({ config, life }: Unit, taken: ReadonlySet<number>): LifeEvent {
  const read = readPidFile(config.pidfile ?? '')
  if ('fault' in read) return none(read.fault)
  const process = processIdOf(read.pid)
  if (process === null) return none(`process ${read.pid} of '${config.pidfile}' is not there`)
  const started = toSteadyTime(startedAt(process))
  const isNew = started >= (life.started ?? 0) - TOLERANCE
  const isOfAnother = taken.has(read.pid) && life.process?.pid !== read.pid
  if (isOfAnother || !(isNew || matches(config.argv, read.pid)))
    return none(`process ${read.pid} of '${config.pidfile}' is not of this agent`)
  return { type: 'refreshed', process, started }
}

function none(message: string): LifeEvent {
  return { type: 'refreshed', process: null, message }
}
