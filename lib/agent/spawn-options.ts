import { dirname, resolve } from 'node:path'
import pkg from '../../package.json' with { type: 'json' }
import { CommandError } from '../errors.ts'
import type { LogLevel } from '../model/control.ts'
import type { DaemonOptions } from './daemon-options.ts'
import { type Places, placesOf } from './places.ts'
import { RETRY, STEP } from './report-schedule.ts'

/** The servers of `make BOOT_SERVER_ADDR=…`, put in place when the bundle is made. */
const BUILT_IN = process.env['BOOT_SERVER_ADDR'] ?? ''

/** The command line of agent-spawn; null: not given. */
export interface AgentSpawnOptions {
  readonly dir: string | null
  readonly files: readonly string[]
  readonly group: string
  readonly joinGroup: boolean
  readonly socket: string | null
  readonly run: string | null
  readonly log: string | null
  readonly logFile: string | null
  readonly level: LogLevel
  readonly test: boolean
  readonly readyFd: number | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** Takes a line about the configuration, `FILE: FIELD: what is wrong`. */
  readonly report: (text: string) => void
}

/** What agent-spawn was told, on its command line and by its environment. Throws 'config' for a setting that is wrong. */
export function toDaemonOptions(options: AgentSpawnOptions): DaemonOptions {
  const { env, dir } = options
  const run =
    options.run ?? (env['BOOTAGENT_RUN'] || null) ?? (options.socket === null ? null : dirname(options.socket))
  const log = options.log ?? (env['BOOTAGENT_LOG'] || null)
  // Agents, whose working directory is another one, are told of the heartbeat socket there.
  const known = placesOf({ ...env, BOOTAGENT_RUN: run === null ? '' : resolve(run), BOOTAGENT_LOG: log ?? '' })
  const conf = dir === null ? known.conf : resolve(dir)
  const places: Places = { ...known, conf, socket: options.socket ?? known.socket }
  return {
    dir: dir === null ? null : resolve(dir),
    files: options.files,
    group: options.group,
    joinGroup: options.joinGroup,
    places,
    hasSockets: dir !== null || options.run !== null || options.socket !== null,
    hasLogs: dir !== null || options.log !== null,
    logFile: options.logFile,
    level: options.level,
    readyFd: options.readyFd,
    version: pkg.version,
    report: {
      step: secondsOf(env, 'BOOTAGENT_STEP', STEP),
      retry: secondsOf(env, 'BOOTAGENT_RETRY', RETRY),
    },
    unverified: isSet(env['BOOTAGENT_UNVERIFIED']),
    servers: { builtIn: BUILT_IN, first: env['BOOTAGENT_SERVERS'] ?? '' },
  }
}

function isSet(word: string | undefined): boolean {
  return !!word && word !== '0'
}

/** A setting of the environment in seconds, within its bounds. Throws 'config'. */
function secondsOf(
  env: AgentSpawnOptions['env'],
  name: string,
  { least, most, usual }: { readonly least: number; readonly most: number; readonly usual: number },
): number {
  const word = env[name] || String(usual)
  const seconds = /^\d{1,5}$/.test(word) ? Number(word) : Number.NaN
  if (seconds >= least && seconds <= most) return seconds
  throw new CommandError('config', `${name} is not a number of seconds from ${least} to ${most}: '${word}'`)
}
