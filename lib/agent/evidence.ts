import { join } from 'node:path'
import type { AgentConfig } from '../model/agent-config.ts'
import type { Evidence } from '../model/event.ts'
import type { Ending, ProcessId } from './life.ts'
import { tailOf } from './log-tail.ts'
import type { LogStart, Unit } from './unit.ts'
import type { Usage } from './usage.ts'

/** What is known of a process before it is looked at why it ended: taken before the next one is started. */
export interface Before {
  readonly process: ProcessId
  readonly started: number
  readonly config: AgentConfig
  readonly log: LogStart
  readonly usage: Usage
}

/** What is to be remembered of the process of an agent that may be about to end; null: it has none. */
export function before(unit: Unit): Before | null {
  const { process, started } = unit.life
  const known = process ?? unit.child ?? unit.group
  if (known === null || started === null) return null
  return { process: known, started, config: unit.config, log: unit.log, usage: unit.usage }
}

/**
 * The evidence of an end; the lines are those of both its outputs, up to `next`, where those of the next process begin.
 * `logDir` null: it has no log.
 */
export function evidenceOf(was: Before, ending: Ending, next: LogStart, logDir: string | null, now: number): Evidence {
  const to = next === was.log ? Number.POSITIVE_INFINITY : next.from
  return {
    pid: was.process.pid,
    code: ending.code,
    signal: ending.signal,
    oom: ending.oom,
    ran: Math.max(0, Math.round((now - was.started) * 1000) / 1000),
    usage: was.usage,
    limits: limitsOf(was.config),
    stderr: logDir === null ? [] : [...tailOf(join(logDir, `${was.config.name}.log`), was.log.from, to)],
  }
}

function limitsOf({ limits, cgroup }: AgentConfig): Record<string, number> {
  const all: Readonly<Record<string, number | null | undefined>> = {
    CPU: limits?.cpu,
    MEM: limits?.mem,
    FDS: limits?.fds,
    'cgroup.CPU': cgroup?.cpu,
    'cgroup.MEM': cgroup?.mem,
  }
  const set: Record<string, number> = {}
  for (const [name, value] of Object.entries(all)) if (typeof value === 'number') set[name] = value
  return set
}
