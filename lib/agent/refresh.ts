import { toSteadyTime } from '../sys/clock.ts'
import { matches } from './adoption.ts'
import type { LifeEvent, ProcessId } from './life.ts'
import { markOf, readPidFile } from './pid-file.ts'
import { processIdOf, startedAt } from './process-id.ts'
import type { Unit } from './unit.ts'

/** The clocks of processes and of starts differ by so many seconds at most. */
const TOLERANCE = 1

/**
 * Reads the pid file of a `fork` agent (B15, B16). The process that it names counts when it is the one that is known, runs the
 * agent's program, or came after the start in a file that was written since; and never when it is of another agent (`taken`).
 * A stranger's pid does not, be it that the file is of an earlier run, or that the pid was given out again.
 */
export function refresh(unit: Unit, taken: ReadonlySet<number>): LifeEvent {
  const { config, life } = unit
  const path = config.pidfile ?? ''
  const mark = markOf(path)
  const read = readPidFile(path)
  if ('fault' in read) return none(read.fault)
  const process = processIdOf(read.pid)
  if (process === null) return none(`process ${read.pid} of '${path}' is not there`)
  const started = toSteadyTime(startedAt(process))
  if (!isSame(process, life.process)) {
    const isNew = mark !== unit.pidMark && started >= (life.started ?? 0) - TOLERANCE
    if (taken.has(read.pid) || !(isNew || matches(config.argv, read.pid)))
      return none(`process ${read.pid} of '${path}' is not of this agent`)
  }
  unit.pidMark = mark
  return { type: 'refreshed', process, started }
}

function isSame(one: ProcessId, other: ProcessId | null): boolean {
  return one.pid === other?.pid && one.startTime === other.startTime
}

function none(message: string): LifeEvent {
  return { type: 'refreshed', process: null, message }
}
