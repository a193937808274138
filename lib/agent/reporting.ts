import { readFileSync } from 'node:fs'
import type { ReportReply } from '../model/control.ts'
import type { Snapshot } from '../model/report.ts'
import { steadyNow } from '../sys/clock.ts'
import { childEnvironment } from './child-environment.ts'
import type { DaemonOptions } from './daemon-options.ts'
import { Identity } from './identity.ts'
import { Reporter } from './reporter.ts'
import { snapshotOf } from './snapshot.ts'
import { openCommands } from './task-command.ts'
import type { Movers } from './task-process.ts'
import { TaskRunner } from './task-runner.ts'

/** What reports and takes tasks: its schedule, what it says, and what it was told to do. */
export interface Reporting {
  readonly reporter: Reporter
  readonly tasks: TaskRunner
  readonly snapshot: () => Snapshot
  /** A server has answered: what the report carried is delivered. */
  readonly apply: (reply: ReportReply) => void
  /** Reports no more, and ends what is being done for a task: the next agent-spawn takes that up. */
  readonly close: () => void
}

/** Has the host report to its servers, by the MetaFile and what was built in (B10, B52, B55), and do what these want done. */
export function openReporting(
  { places, servers, version, unverified, report }: DaemonOptions,
  movers: Movers,
): Reporting {
  const { world, supervisor } = movers
  const warn = (text: string) => world.log.log('warn', text)
  const { metafile: path, tmp } = places
  const identity = new Identity({ path, tmp, builtIn: servers.builtIn, first: servers.first, warn })
  const began = steadyNow()
  const env = childEnvironment(places)
  const reporter = new Reporter(world, identity, ['report-round'], env, report)
  const commands = openCommands(env)
  const setStep = (seconds: number | null) => reporter.setStep(seconds ?? reporter.step)
  const tasks = new TaskRunner({ ...movers, places, run: commands.run, identity, setStep, unverified })
  const run = readFileSync('/proc/sys/kernel/random/uuid', 'latin1').trim()
  let gzip: string | null = null
  const snapshot = () => {
    const dropped = world.events.takeDropped()
    if (dropped > 0) supervisor.note(null, 'daemon', `${dropped} events were thrown away before a server took them`)
    const { queue } = tasks
    const uptime = steadyNow() - began
    return snapshotOf({ identity, supervisor, world, queue, version, uptime, step: reporter.step, gzip, run })
  }
  const apply = (reply: ReportReply) => {
    if (reply.run !== null && reply.run !== run) {
      world.log.log('info', 'an answer to a report of an earlier agent-spawn: what it delivered is not of this one')
      identity.answered(reply.agentsn, reply.tags)
      return
    }
    reporter.apply(reply)
    gzip = reply.gzip
    tasks.delivered(reply.tasks)
  }
  const close = () => {
    reporter.close()
    commands.close()
  }
  return { reporter, tasks, snapshot, apply, close }
}
