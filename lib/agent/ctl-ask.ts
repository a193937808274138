import { CommandError } from '../errors.ts'
import type { ControlAnswers, ControlRequest } from '../model/control.ts'
import { openLines } from '../sys/line-client.ts'
import { readReply } from './ctl-answers.ts'
import { renderText } from './ctl-text.ts'
import { placesOf } from './places.ts'

/** Where agent-spawn is asked, and how. */
export interface DaemonPlace {
  /** Its control socket. */
  readonly path: string
  /** The directory of the agents' configuration. */
  readonly conf: string
  /** Seconds for each answer. */
  readonly timeout: number
  /** Our own version: an answer that is not understood may come from another one. */
  readonly version: string
  /** Takes each line of the exchange, `> …` and `< …` (B58). */
  readonly trace: ((text: string) => void) | null
}

/** How long an answer may take, in seconds. */
const TIMEOUT = 10

/** The place by the options and the environment: BOOTAGENT_RUN (B12), BOOTAGENT_TRACE and its misspelling (B58). */
export function placeOf(
  socket: string | undefined,
  timeout: number | undefined,
  version: string,
  env: Readonly<Record<string, string | undefined>>,
  trace: (text: string) => void,
): DaemonPlace {
  const isTraced = [env['BOOTAGENT_TRACE'], env['BOOTAGENT_TARCE']].some(word => !!word && word !== '0')
  const { socket: path, conf } = placesOf(env)
  return { path: socket ?? path, conf, timeout: timeout ?? TIMEOUT, version, trace: isTraced ? trace : null }
}

/** A connection to agent-spawn. */
export interface Daemon {
  /** Asks, one thing after the other; throws the refusal ('no', 'again'), or 'data' when the answer is none. */
  ask<R extends ControlRequest>(request: R): Promise<ControlAnswers[R['ask']]>
  close(): void
}

/** Connects to agent-spawn; throws 'unavailable' when it does not run, 'permission' when this user may not ask it. */
export async function openDaemon(place: DaemonPlace): Promise<Daemon> {
  const lines = await connect(place)
  const ask = async <R extends ControlRequest>(request: R): Promise<ControlAnswers[R['ask']]> => {
    const asked = JSON.stringify(request)
    place.trace?.(`> ${asked}`)
    const line = await lines.ask(asked)
    place.trace?.(`< ${renderText(line)}`)
    const reply = readReply<R['ask']>(request.ask, line)
    if (reply.ok) return reply
    throw new CommandError(reply.fault, reply.error)
  }
  const askOrTellVersion: typeof ask = async request => {
    try {
      return await ask(request)
    } catch (error) {
      if (!(error instanceof CommandError) || error.fault !== 'data' || request.ask === 'version') throw error
      const { version } = await ask({ ask: 'version' }).catch(() => ({ version: place.version }))
      if (version === place.version) throw error
      throw new CommandError('data', `${error.message} (agent-spawn is version ${version}, this is ${place.version})`)
    }
  }
  return { ask: askOrTellVersion, close: () => lines.close() }
}

/** Asks one thing on a connection of its own. Throws as `openDaemon` and its `ask` do. */
export async function askDaemon<R extends ControlRequest>(
  place: DaemonPlace,
  request: R,
): Promise<ControlAnswers[R['ask']]> {
  const daemon = await openDaemon(place)
  try {
    return await daemon.ask(request)
  } finally {
    daemon.close()
  }
}

async function connect({ path, timeout }: DaemonPlace) {
  try {
    return await openLines(path, timeout)
  } catch (error) {
    if (!(error instanceof CommandError) || error.fault !== 'unavailable') throw error
    throw new CommandError('unavailable', `agent-spawn is not running: nobody listens on '${path}'`, { cause: error })
  }
}
