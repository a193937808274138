import type { AgentLimits } from '../model/agent-config.ts'
import type { Usage } from './usage.ts'

/**
 * What is over its limit, as the event says it: `resource overflow, CPU(31%)`, several joined by commas; null when nothing
 * is (B25). What is not known is not over. Percents are rounded up, so that what is said is above the limit.
 */
export function overLimit(limits: AgentLimits, usage: Usage): string | null {
  const { cpu, rss, fds } = usage
  const over: string[] = []
  if (cpu !== null && limits.cpu !== null && cpu > limits.cpu) over.push(`CPU(${Math.ceil(cpu)}%)`)
  if (rss !== null && limits.mem !== null && rss > limits.mem) over.push(`MEM(${rss}KB)`)
  if (fds !== null && limits.fds !== null && fds > limits.fds) over.push(`FDS(${fds})`)
  return over.length === 0 ? null : `resource overflow, ${over.join(', ')}`
}
