import { readFileSync } from 'node:fs'
import type { Snapshot } from '../model/report.ts'
import type { Identity } from './identity.ts'
import type { Supervisor } from './supervisor.ts'
import type { Surroundings } from './surroundings.ts'
import { stats, tasksForReport } from './task-queue.ts'
import type { Queue } from './tasks.ts'

/** How many events one report carries at most; how many of them fit is for agent-report to see (B9). */
const EVENTS_MOST = 500

/** What a snapshot is made of besides the agents. */
export interface SnapshotParts {
  readonly identity: Identity
  readonly supervisor: Supervisor
  readonly world: Surroundings
  readonly queue: Queue
  readonly version: string
  /** Seconds since agent-spawn began. */
  readonly uptime: number
  readonly step: number
  /** The server whose last answer said that it takes gzip (B67). */
  readonly gzip: string | null
  /** Tells this agent-spawn from any other. */
  readonly run: string
}

/** What the host reports now (B53, B68): its agents, what happened and was not delivered yet, and its tasks. */
export function snapshotOf(parts: SnapshotParts): Snapshot {
  const { identity, supervisor, world, queue, uptime, step } = parts
  return {
    type: 'snapshot',
    hostname: readFileSync('/proc/sys/kernel/hostname', 'utf8').trim(),
    agentsn: identity.agentsn,
    registered: identity.registered,
    run: parts.run,
    servers: [...identity.servers],
    gzip: parts.gzip,
    version: `${parts.version}-${MACHINES[process.arch] ?? process.arch}`,
    feature: world.groups.version === null ? 0 : 1,
    uptime: Math.floor(uptime),
    step,
    stats: { task: [...stats(queue)] },
    agents: agentsOf(supervisor, world.now()),
    tasks: [...tasksForReport(queue)],
    events: world.events.undelivered(EVENTS_MOST).map(({ id, timestamp, category, subject, extra, message }) => ({
      id,
      timestamp,
      category,
      subject,
      extra,
      message,
    })),
  }
}

/** As `uname -m` calls them. */
const MACHINES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }

function agentsOf(supervisor: Supervisor, now: number): Snapshot['agents'] {
  return [...supervisor.units.values()].map(({ name, config, life, usage }) => ({
    name,
    version: config.version,
    status: life.state,
    uptime: life.process === null || life.started === null ? 0 : Math.max(0, Math.floor(now - life.started)),
    resource: { ...usage },
  }))
}
