import type { Agent } from '../model/agent.ts'
import { toWallTime } from '../sys/clock.ts'
import type { Unit } from './unit.ts'

/** One agent as `bootctl status` tells of it (B58); `now` is of the steady clock. */
export function toAgentRecord(unit: Unit, now: number): Agent {
  const { life, config, usage } = unit
  return {
    type: 'agent',
    name: unit.name,
    version: config.version,
    status: life.state,
    since: timeText(life.since),
    pid: life.process?.pid ?? null,
    adopted: life.process !== null && life.adopted,
    uptime: life.process === null || life.started === null ? 0 : Math.max(0, round(now - life.started)),
    restarts: life.restarts,
    failures: life.failures,
    next: life.until === null ? null : timeText(life.until),
    cpu: usage.cpu,
    rss: usage.rss,
    fds: usage.fds,
    last: unit.last,
  }
}

function timeText(steady: number): string {
  return new Date(toWallTime(steady) * 1000).toISOString()
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
