import { CommandError, reasonOf } from '../errors.ts'
import { type LineClient, type LineServer, listenLines } from '../sys/line-server.ts'
import { nowAndThen } from '../sys/now-and-then.ts'
import { isObject, missing, toObject, wrong } from './control-request.ts'
import type { DaemonLog } from './daemon-log.ts'

/** What an agent says of itself (B27). */
export interface Beat {
  readonly name: string
  readonly version: string | null
  readonly message: string
}

/** Any agent may write, whoever it runs as. */
const MODE = 0o666
const LINE_MOST = 1024
const UNREAD_MOST = 4096
const CLIENTS_MOST = 256
const IDLE_SECONDS = 120
const BYTES_PER_SECOND = 16 * 1024
/** More beats than this of one client in one second are not looked at. */
const BEATS_PER_SECOND = 10

/**
 * Takes heartbeats and nothing else (B27, B57): one `{"agent":{"name":…,"version":…},"message":…}` a line. A good one has
 * no answer; what `onBeat` refuses, and what is no heartbeat, is answered with one line that says why. Throws as
 * `putSocket` does.
 */
export function serveHeartbeats(
  path: string,
  onBeat: (beat: Beat) => string | null,
  log: Pick<DaemonLog, 'log'>,
): Promise<LineServer> {
  const rates = new WeakMap<LineClient, { second: number; beats: number }>()
  const flooded = nowAndThen(times =>
    log.log('warn', `'${path}': more than ${BEATS_PER_SECOND} heartbeats a second from one client, dropped ${times}`),
  )
  const isTooMany = (client: LineClient): boolean => {
    const second = Math.floor(process.uptime())
    const rate = rates.get(client)
    if (rate?.second !== second) {
      rates.set(client, { second, beats: 1 })
      return false
    }
    return ++rate.beats > BEATS_PER_SECOND
  }
  return listenLines({
    path,
    mode: MODE,
    lineBytes: LINE_MOST,
    answerBytes: UNREAD_MOST,
    clients: CLIENTS_MOST,
    evicts: true,
    idleSeconds: IDLE_SECONDS,
    bytesPerSecond: BYTES_PER_SECOND,
    refuse,
    log: (level, text) => log.log(level, text),
    onLine: (line, client) => {
      if (isTooMany(client)) {
        flooded()
        return null
      }
      try {
        const refusal = onBeat(parseBeat(line))
        return refusal === null ? null : refuse('no', refusal)
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        return refuse('data', reasonOf(error))
      }
    },
  })
}

/** One heartbeat. Throws 'data', naming the field. */
export function parseBeat(line: string): Beat {
  const { agent, message } = toObject(line)
  if (agent === undefined) throw missing('agent')
  if (!isObject(agent)) throw wrong('agent', 'an object')
  const { name, version = null } = agent
  if (name === undefined) throw missing('agent.name')
  if (typeof name !== 'string') throw wrong('agent.name', 'a string')
  if (version !== null && typeof version !== 'string') throw wrong('agent.version', 'a string')
  if (message === undefined) throw missing('message')
  if (typeof message !== 'string') throw wrong('message', 'a string')
  return { name, version, message }
}

function refuse(fault: 'no' | 'data' | 'again', error: string): string {
  return JSON.stringify({ ok: false, fault, error })
}
