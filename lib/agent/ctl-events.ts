import type { Event } from '../model/event.ts'
import { type Daemon, openDaemon } from './ctl-ask.ts'
import type { CtlVerb } from './ctl-call.ts'
import { followEvents } from './ctl-follow.ts'
import { renderText, renderTime } from './ctl-text.ts'
import { warnUnknown } from './ctl-unknown.ts'

/** The most events that are asked for at a time; agent-spawn keeps no more. */
export const EVENTS_MOST = 1000
/** How many of the past are shown where those to come are waited for. */
const FOLLOW_FROM = 10
/** Always the same, as events come one by one too. */
const NAME_WIDTH = 12
const KIND_WIDTH = 'abnormal'.length

/** `events [NAME…]`: the last ones, and with -f those to come until the signal, a line or a record each (B58). */
export const events: CtlVerb = async ({ place, operands, options, out, now, untilStopped }) => {
  const names = new Set(operands)
  const most = options.count ?? (options.follow ? FOLLOW_FROM : EVENTS_MOST)
  const show = async (list: readonly Event[]) => {
    if (out.isPerson) for (const line of renderEvents(list, now())) await out.line(line)
    else for (const event of list) await out.record(event)
    await out.flush()
  }
  if (options.follow) {
    await untilStopped(async signal => {
      const warn = (text: string) => out.say('warning', text)
      for await (const list of followEvents({ place, names, most, signal, warn })) await show(list)
    })
    return []
  }
  const daemon = await openDaemon(place)
  try {
    const { events } = await lastEvents(daemon, EVENTS_MOST, names)
    await show(events.slice(Math.max(0, events.length - most)))
    const silent = [...names].filter(name => !events.some(({ subject }) => subject === name))
    if (silent.length === 0) return []
    const { agents } = await daemon.ask({ ask: 'status', names: [] })
    const unknown = silent.filter(name => !agents.some(agent => agent.name === name))
    return warnUnknown(place, out, unknown)
  } finally {
    daemon.close()
  }
}

/** The last events, at most `most`, of the agents of these names, all where none is named. Throws as `ask` does. */
export async function lastEvents(
  daemon: Daemon,
  most: number,
  names: ReadonlySet<string>,
): Promise<{ readonly events: readonly Event[]; readonly last: number }> {
  const { events, last } = await daemon.ask({ ask: 'events', after: 0, most: EVENTS_MOST, wait: 0 })
  const chosen = chooseEvents(events, names)
  return { events: chosen.slice(Math.max(0, chosen.length - most)), last }
}

/** The events of the agents of these names; all where none is named. */
export function chooseEvents(events: readonly Event[], names: ReadonlySet<string>): readonly Event[] {
  return names.size === 0 ? events : events.filter(({ subject }) => subject !== null && names.has(subject))
}

/** Events as aligned lines for people, the time with its day where one of them is not of today. */
export function renderEvents(events: readonly Event[], now: number): readonly string[] {
  const times = events.map(({ timestamp }) => renderTime(timestamp, now))
  const width = Math.max(...times.map(time => time.length))
  return events.map(({ subject, kind, message }, i) => {
    const who = renderText(subject ?? 'agent-spawn').padEnd(NAME_WIDTH)
    return `${(times[i] ?? '').padEnd(width)}  ${who}  ${kind.padEnd(KIND_WIDTH)}  ${renderText(message)}`
  })
}
