import type { AgentConfig } from './agent-config.ts'
import { renderMatch } from './agent-match.ts'

/** A configuration in the words of its file, with every default said; what is not set is left out. */
export function renderAgentConfig(config: AgentConfig): Readonly<Record<string, unknown>> {
  const { argv: _, pidfile, user, group, exitcodes, cgroup, limits, check, heartbeat, ...same } = config
  return {
    ...same,
    ...present({ pidfile, user, group }),
    exitcodes: exitcodes.join(','),
    ...present({
      cgroup: cgroup && present({ CPU: cgroup.cpu, MEM: cgroup.mem }),
      limits: limits && present({ interval: limits.interval, CPU: limits.cpu, MEM: limits.mem, FDS: limits.fds }),
      check: check && { ...check, match: renderMatch(check.match) },
      heartbeat: heartbeat && present({ ...heartbeat, match: heartbeat.match && renderMatch(heartbeat.match) }),
    }),
  }
}

function present(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
