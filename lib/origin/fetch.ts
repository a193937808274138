import { CommandError, reasonOf } from '../errors.ts'
import type { AnyhostZone } from '../model/anyhost.ts'
import type { ErrorRecord } from '../model/error-record.ts'
import type { Fetch } from '../model/zone.ts'
import { describeInstalled, installFile, lookAtInstalled, readInstalled, readOptional } from './fetch-installed.ts'
import { failingSeconds, nextState, planServers } from './fetch-plan.ts'
import { askServer, type Server, type ServerOptions } from './fetch-server.ts'
import { type FetchState, FRESH, parseState, renderState } from './fetch-state.ts'

/** What to fetch, to where, and the limits. */
export interface FetchOptions extends ServerOptions {
  readonly path: string
  readonly statePath: string
  /** In the order of preference. */
  readonly servers: readonly Server[]
  /** After how many failures in a row of the server in use the others are asked. */
  readonly sticky: number
  /** How many versions before are kept. */
  readonly keep: number
  readonly force: boolean
  readonly warn: (text: string) => void
}

/** What a run came to. */
export interface Fetched {
  readonly record: Fetch
  /** What mail-alert is told, in every run while it lasts: where nothing comes, it takes that for an all-clear. */
  readonly alerts: readonly ErrorRecord[]
}

/** What there was before the run. */
interface Before {
  readonly state: FetchState
  /** The real path of the file; null: there is none. */
  readonly path: string | null
  /** The file is the one that `state` describes. */
  readonly known: boolean
  /** Read only where it is needed; null: none, or not valid. */
  readonly zone: () => Promise<AnyhostZone | null>
}

/** What a server gave: the file that is in place now. */
interface Gain extends Pick<FetchState, 'etag' | 'lastModified' | 'installed'> {
  readonly server: string
  readonly path: string
  readonly previous: string | null
  readonly changed: boolean
  readonly bytes: number
}

/**
 * Fetches the zone file from the first server that gives a valid one, and puts it in place when it answers otherwise
 * than the one there (formats 14, damping 8.4). What the servers do wrong is warned of and leaves the old file; throws
 * 'io' or 'permission' for faults of this host.
 */
export async function fetchAnyhost(options: FetchOptions): Promise<Fetched> {
  const from = process.hrtime.bigint() // `performance` loads ten modules of Node's
  const stateText = readOptional(options.statePath)
  const before = lookBefore(options, stateText)
  const { state } = before
  const hasInstalled = before.known || (await before.zone()) !== null
  const shown = options.servers.map(server => server.shown)
  const plan = planServers(shown, state, options.sticky, hasInstalled)
  const failures: string[] = []
  let gain: Gain | undefined
  for (const name of plan.servers) {
    const server = options.servers.find(server => server.shown === name)
    if (server === undefined) continue
    try {
      gain = await gainFrom(server, before, options)
      break
    } catch (error) {
      if (!(error instanceof CommandError) || (error.fault !== 'unavailable' && error.fault !== 'data')) throw error
      failures.push(`${name}: ${error.message}`)
      options.warn(`${name}: ${error.message}`)
    }
  }
  const next = nextState(state, plan, { server: gain?.server ?? null, nowMs: Date.now() })
  const installed = gain?.installed ?? (await describeBefore(before))
  const { etag, lastModified } = gain ?? (before.known ? state : FRESH)
  const after = { ...next, etag, lastModified, installed }
  await saveState(options, stateText, after)
  const record: Fetch = {
    type: 'fetch',
    file: gain?.path ?? before.path ?? options.path,
    server: gain?.server ?? null,
    serial: installed?.serial ?? null,
    domains: installed?.domains ?? 0,
    records: installed?.records ?? 0,
    changed: gain?.changed ?? false,
    current: gain !== undefined,
    bytes: gain?.bytes ?? 0,
    seconds: Number((process.hrtime.bigint() - from) / 1_000_000n) / 1000,
    previous: gain?.previous ?? null,
  }
  return {
    record,
    alerts: ALERT_KEYS.slice(0, after.alerts).map(key => renderAlert(options.path, key, after, failures)),
  }
}

function lookBefore({ path, statePath, warn }: FetchOptions, stateText: string | null): Before {
  let state = FRESH
  try {
    if (stateText !== null) state = parseState(stateText)
  } catch (error) {
    warn(`'${statePath}' is damaged (${reasonOf(error)}): starting afresh`)
  }
  const file = lookAtInstalled(path)
  let zone: Promise<AnyhostZone | null> | undefined
  return {
    state,
    path: file?.path ?? null,
    known: file !== null && file.stamp === state.installed?.stamp,
    zone: () => {
      zone ??= file === null ? Promise.resolve(null) : readInstalled(file.path, warn)
      return zone
    },
  }
}

async function gainFrom(server: Server, before: Before, options: FetchOptions): Promise<Gain> {
  const { state } = before
  const askForNews = before.known && server.shown === state.server && !options.force
  const received = await askServer(server, askForNews ? state : null, options)
  const { content, etag, lastModified, bytes } = received
  const about = { server: server.shown, etag, lastModified, bytes }
  if (content === null) {
    return { ...about, installed: state.installed, path: before.path ?? options.path, previous: null, changed: false }
  }
  const { readWholeZone } = await import('./whole-zone.ts')
  const { judgeOffer } = await import('./fetch-validate.ts')
  const offered = readWholeZone(content.toString(), options.legacy)
  const zone = await before.zone()
  const standIn = state.server !== null && server.shown !== state.server
  const verdict = judgeOffer({ offered, installed: zone, standIn, force: options.force })
  if (verdict === 'same' && zone !== null && before.path !== null) {
    const installed = await describeInstalled(before.path, zone)
    return { ...about, installed, path: before.path, previous: null, changed: false }
  }
  const { path, previous } = await installFile(options.path, content, zone, options.keep)
  return { ...about, installed: await describeInstalled(path, offered), path, previous, changed: true }
}

async function describeBefore(before: Before): Promise<FetchState['installed']> {
  if (before.known) return before.state.installed
  const zone = await before.zone()
  return zone === null || before.path === null ? null : describeInstalled(before.path, zone)
}

/** Writes the state where it differs; a state that cannot be written costs a download, not the run. */
async function saveState({ statePath, warn }: FetchOptions, before: string | null, state: FetchState): Promise<void> {
  const text = renderState(state)
  if (text === before) return
  try {
    const { replaceFile } = await import('../sys/atomic-file.ts')
    await replaceFile(statePath, text)
  } catch (error) {
    warn(reasonOf(error))
  }
}

/** What the alerts are about: after 10 minutes the first, after 24 hours the second too. */
const ALERT_KEYS = ['no valid file', 'no valid file for a day'] as const

function renderAlert(path: string, key: string, state: FetchState, failures: readonly string[]): ErrorRecord {
  const minutes = Math.floor(failingSeconds(state.failingSince ?? '', Date.now()) / 60)
  const what = state.installed === null ? 'there is no' : `still serial ${state.installed.serial} of`
  return {
    type: 'error',
    command: 'fetch-anyhost',
    level: 'warning',
    message: `no server has given a valid file for ${minutes} minutes, ${what} '${path}': ${failures.join('; ')}`,
    key: `fetch-anyhost ${path} ${key}`,
    file: path,
    line: null,
    time: new Date().toISOString(),
  }
}
