import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Snapshot } from '../model/report.ts'
import { steadyNow } from '../sys/clock.ts'
import type { DaemonOptions } from './daemon-options.ts'
import { Identity } from './identity.ts'
import { Reporter } from './reporter.ts'
import { snapshotOf } from './snapshot.ts'
import type { Supervisor } from './supervisor.ts'
import type { Surroundings } from './surroundings.ts'

/** What reports: its schedule, and what it says. */
export interface Reporting {
  readonly reporter: Reporter
  readonly snapshot: () => Snapshot
}

/** What of our environment a report is made with: the rest is nobody's. */
const HANDED_ON = [
  'PATH',
  'HOME',
  'LANG',
  'BOOTAGENT_BASE',
  'BOOTAGENT_RUN',
  'BOOTAGENT_REPORT',
  'BOOTAGENT_REPORT_USER',
]

/** Has the host report to its servers, by the MetaFile and what was built in (B10, B52, B55). */
export function openReporting(
  { places, servers, version }: DaemonOptions,
  supervisor: Supervisor,
  world: Surroundings,
): Reporting {
  const warn = (text: string) => world.log.log('warn', text)
  const { metafile: path, tmp } = places
  const identity = new Identity({ path, tmp, builtIn: servers.builtIn, first: servers.first, warn })
  const began = steadyNow()
  const reporter = new Reporter(world, identity, ['report-round'], environment(places.run, places.base), hostUptime())
  const snapshot = () => {
    const dropped = world.events.takeDropped()
    if (dropped > 0) supervisor.note(null, 'daemon', `${dropped} events were thrown away before a server took them`)
    return snapshotOf({ identity, supervisor, world, version, uptime: steadyNow() - began, step: reporter.step })
  }
  return { reporter, snapshot }
}

/** `report-round` is found beside agent-spawn. */
function environment(run: string, base: string): Record<string, string> {
  const env: Record<string, string> = {}
  for (const name of HANDED_ON) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  return {
    ...env,
    BOOTAGENT_RUN: run,
    BOOTAGENT_BASE: base,
    PATH: `${dirname(process.argv[1] ?? '')}:${env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin'}`,
  }
}

function hostUptime(): number {
  return Number.parseFloat(readFileSync('/proc/uptime', 'latin1'))
}
