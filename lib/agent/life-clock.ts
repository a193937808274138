import type { AgentConfig } from '../model/agent-config.ts'
import type { Life } from './life.ts'
import { POLICY, restartWait } from './life-rules.ts'

/**
 * The same life on a clock that may have been set back: nothing began later than now, and no deadline is further away
 * than its full length, so that no state hangs. Pure.
 */
export function onClock(config: AgentConfig, life: Life, now: number): Life {
  const latest = life.until === null ? now : now + fullLength(config, life)
  const late = life.until !== null && life.until > latest
  if (!late && life.since <= now && (life.started === null || life.started <= now)) return life
  return {
    ...life,
    since: Math.min(life.since, now),
    started: life.started === null ? null : Math.min(life.started, now),
    until: late ? latest : life.until,
  }
}

/** The most seconds that the deadline of a state can be away. */
function fullLength(config: AgentConfig, { state, kills, failures }: Life): number {
  switch (state) {
    case 'starting':
      return Math.max(POLICY.again, config.startsecs)
    case 'stopping':
      return kills > 0 ? POLICY.again : Math.max(POLICY.again, config.stopsecs)
    case 'backoff':
    case 'killed':
      return restartWait(config, failures, true)
    case 'running':
    case 'stoped':
    case 'fatal':
      return POLICY.again
    default:
      return state satisfies never
  }
}
