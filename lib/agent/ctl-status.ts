import type { Agent } from '../model/agent.ts'
import { askDaemon } from './ctl-ask.ts'
import type { CtlVerb } from './ctl-call.ts'
import { renderKb, renderSpan, renderText, renderTime } from './ctl-text.ts'
import { warnUnknown } from './ctl-unknown.ts'

const COLUMNS = [
  { head: 'NAME' },
  { head: 'VERSION' },
  { head: 'STATE' },
  { head: 'SINCE' },
  { head: 'PID', right: true },
  { head: 'RESTARTS', right: true },
  { head: 'CPU', right: true },
  { head: 'RSS', right: true },
  { head: 'FDS', right: true },
  { head: 'LAST EVENT' },
] as const

/** `status [NAME…]`: the agents, a table or a record each (B58). */
export const status: CtlVerb = async ({ place, operands, out, now }) => {
  const { agents } = await askDaemon(place, { ask: 'status', names: [] })
  const known = new Map(agents.map(agent => [agent.name, agent]))
  const names = operands.length === 0 ? [...known.keys()] : [...new Set(operands)]
  const shown = names.flatMap(name => known.get(name) ?? [])
  if (!out.isPerson) for (const agent of shown) await out.record(agent)
  else if (shown.length > 0) await out.table(COLUMNS, toStatusRows(shown, now(), out.columns))
  else if (names.length === 0) out.say('info', 'no agent is configured')
  const unknown = names.filter(name => !known.has(name))
  return warnUnknown(place, out, unknown)
}

/** Agents as rows, for a terminal of so many columns: `since` is a span, and a time too where there is room. */
export function toStatusRows(agents: readonly Agent[], now: number, columns: number): string[][] {
  const rows = agents.map(agent => [
    renderText(agent.name),
    renderText(agent.version),
    agent.status,
    renderSince(agent.since, now, columns >= 100),
    agent.pid === null ? '-' : String(agent.pid),
    String(agent.restarts),
    agent.cpu === null ? '-' : `${agent.cpu.toFixed(agent.cpu < 9.95 ? 1 : 0)}%`,
    agent.rss === null ? '-' : renderKb(agent.rss),
    agent.fds === null ? '-' : String(agent.fds),
  ])
  const width = (i: number, head: string) => Math.max(head.length, ...rows.map(row => row[i]?.length ?? 0)) + 2
  const taken = COLUMNS.slice(0, -1).reduce((sum, { head }, i) => sum + width(i, head), 0)
  // The heading of the last column is as wide in any case.
  const most = Math.max('LAST EVENT'.length, columns - taken)
  return rows.map((row, i) => [...row, renderText(agents[i]?.last ?? '', most)])
}

function renderSince(since: string, now: number, wide: boolean): string {
  const time = Date.parse(since) / 1000
  if (!(time >= 0 && time < 253402300800)) return '-'
  return wide ? `${renderTime(time, now)} ${renderSpan(now - time)}` : renderSpan(now - time)
}
