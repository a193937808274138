import { CommandError } from '../errors.ts'
import type { Event } from '../model/event.ts'
import { systemClock } from '../sys/clock.ts'
import { type Daemon, type DaemonPlace, openDaemon } from './ctl-ask.ts'
import { chooseEvents, EVENTS_MOST, lastEvents } from './ctl-events.ts'

/** How long an answer is waited for where nothing happens, and between two tries to connect again, in seconds. */
const WAIT_SECONDS = 20
const RETRY_SECONDS = 1

/** What is followed: the agents of these names (all where none is named), from the last `most` events on. */
export interface Following {
  readonly place: DaemonPlace
  readonly names: ReadonlySet<string>
  readonly most: number
  readonly signal: AbortSignal
  readonly warn: (text: string) => void
}

/**
 * The last events and then those that come, until the signal. Survives a new start of agent-spawn: it connects again,
 * with a warning, and goes on with the first event of the new one. Throws as `openDaemon` does where it is not there
 * from the start.
 */
export async function* followEvents(following: Following): AsyncGenerator<readonly Event[]> {
  const { place, names, most, signal, warn } = following
  let link = await connect(place)
  const close = () => link.daemon.close()
  signal.addEventListener('abort', close)
  try {
    const first = await lastEvents(link.daemon, most, names)
    let after = first.last
    yield first.events
    while (!signal.aborted) {
      const answer = await link.daemon
        .ask({ ask: 'events', after, most: EVENTS_MOST, wait: WAIT_SECONDS })
        .catch(ifGone)
      if (answer === null) {
        close()
        const again = await reconnect(following)
        if (again.pid !== link.pid) after = 0
        link = again
      } else if (answer.last < after) {
        warn('the ids of the events count from 1 again') // a new start under the same pid, as in a container
        after = 0
      } else {
        if (answer.lost > 0) warn(`${answer.lost} events were thrown away before they were read`)
        after = answer.last
        yield chooseEvents(answer.events, names)
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

interface Link {
  readonly daemon: Daemon
  /** Of agent-spawn: another one is another agent-spawn, with ids of its own. */
  readonly pid: number
}

async function connect(place: DaemonPlace): Promise<Link> {
  const daemon = await openDaemon({ ...place, timeout: place.timeout + WAIT_SECONDS })
  try {
    const { pid } = await daemon.ask({ ask: 'version' })
    return { daemon, pid }
  } catch (error) {
    daemon.close()
    throw error
  }
}

/** Tries until agent-spawn is back; throws when the signal comes first. */
async function reconnect({ place, signal, warn }: Following): Promise<Link> {
  signal.throwIfAborted()
  warn('agent-spawn has gone: waiting for it to come back')
  for (;;) {
    await systemClock.sleep(RETRY_SECONDS, signal)
    signal.throwIfAborted()
    const link = await connect(place).catch(ifGone)
    if (link === null) continue
    warn(`agent-spawn answers again, pid ${link.pid}: after a new start the ids of the events count from 1 again`)
    return link
  }
}

/** The connection has ended, or nobody listens: what a new start of agent-spawn looks like from here. */
function ifGone(error: unknown): null {
  if (error instanceof CommandError && ['unavailable', 'io', 'again'].includes(error.fault)) return null
  throw error
}
