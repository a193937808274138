import type { Snapshot } from '../model/report.ts'
import { fitAgents } from './fit-agents.ts'
import { renderEvent, renderHead, renderStatus, renderTask, type StatusParts, sizeOf, sizeOfAll } from './wire.ts'

/** The share of a report that agents leave to tasks and events, and the one that tasks leave to events. */
const LEFT_BY_AGENTS = 1 / 4
const LEFT_BY_TASKS = 1 / 8
/** A message that does not fit even in that share is cut to so much of a report, in characters: it would hold up the rest. */
const MESSAGE_SHARE = 1 / 64

/** A status report that fits, and what of the snapshot it carries. */
export interface FittedStatus {
  readonly body: string
  /** The id of the last event in it; 0: none. */
  readonly events: number
  /** The ids of the tasks in it that are in an end state. */
  readonly tasks: readonly string[]
  /** What was left out or cut, in words; what only waits for the next report is not told. */
  readonly faults: readonly string[]
}

/**
 * A status report of at most `most` bytes (B9): agents first, then the results of tasks, then events, the oldest first. What
 * does not fit waits for the next report; what would not fit in any report is cut, and that is told.
 */
export function fitStatus(snapshot: Snapshot, agentsn: string, timestamp: number, most: number): FittedStatus {
  const turn = Math.floor(timestamp / Math.max(1, snapshot.step))
  const head = renderHead(snapshot, agentsn, timestamp)
  const empty: StatusParts = { head, agents: [], tasks: [], events: [] }
  const room = most - Buffer.byteLength(renderStatus(empty))
  const { texts: agents, faults: told } = fitAgents(snapshot.agents, room - most * LEFT_BY_AGENTS, turn)
  const faults = [...told]
  const ended = snapshot.tasks.toSorted((a, b) => Number(a.errcode < 0) - Number(b.errcode < 0))
  const ofTasks: Fitting<Snapshot['tasks'][number]> = {
    render: renderTask,
    nameOf: ({ id }) => `task '${id}'`,
    room: room - sizeOfAll(agents) - most * LEFT_BY_TASKS,
    message: most * MESSAGE_SHARE,
  }
  const tasks = fitList(ended, ofTasks, faults)
  const ordered = snapshot.events.toSorted((a, b) => a.id - b.id)
  const ofEvents: Fitting<Snapshot['events'][number]> = {
    render: renderEvent,
    nameOf: ({ id }) => `event ${id}`,
    room: room - sizeOfAll(agents) - sizeOfAll(tasks),
    message: most * MESSAGE_SHARE,
  }
  const events = fitList(ordered, ofEvents, faults)
  return {
    body: renderStatus({ head, agents, tasks, events }),
    events: ordered[events.length - 1]?.id ?? 0,
    tasks: ended.slice(0, tasks.length).flatMap(({ id, errcode }) => (errcode < 0 ? [] : [id])),
    faults,
  }
}

/** How a list is fitted: into so many bytes, the message of its first one cut to so many characters if need be. */
interface Fitting<T> {
  readonly render: (item: T) => string
  readonly nameOf: (item: T) => string
  readonly room: number
  readonly message: number
}

/** As many of a list, from its start, as there is room for; the first one is cut rather than left for ever. */
function fitList<T extends { readonly message: string }>(
  list: readonly T[],
  { render, nameOf, room, message }: Fitting<T>,
  faults: string[],
): string[] {
  const texts: string[] = []
  let left = room
  for (const item of list) {
    let text = render(item)
    if (texts.length === 0 && sizeOf(text) > left && item.message.length > message) {
      text = render({ ...item, message: `${[...item.message].slice(0, message).join('')} (cut)` })
      if (sizeOf(text) <= left) faults.push(`the message of ${nameOf(item)} is cut: the report would be too large`)
    }
    left -= sizeOf(text)
    if (left < 0) break
    texts.push(text)
  }
  return texts
}
