import type { AgentConfig } from '../model/agent-config.ts'
import { renderDuration } from './duration.ts'
import type { Ending } from './life.ts'

/** How a process ended, in words: `exit status 1`, `SIGSEGV`, or that nobody could see it. */
export function renderEnding({ code, signal }: Ending): string {
  if (signal !== null) return signal
  return code === null ? 'an end that was not seen' : `exit status ${code}`
}

/** How and after how long it ended: `ended after 3.2 s: exit status 1`. */
export function renderEnd(ending: Ending, ran: number): string {
  return `ended after ${renderDuration(ran)}: ${renderEnding(ending)}`
}

/** The count beside its limit: `failure 2 of 3 in a row`; with no limit `failure 2 in a row`. */
export function renderFailures({ retries }: AgentConfig, failures: number): string {
  return retries < 0 ? `failure ${failures} in a row` : `failure ${failures} of ${retries} in a row`
}
