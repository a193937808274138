import { dirname, resolve } from 'node:path'
import pkg from '../../package.json' with { type: 'json' }
import { CommandError } from '../errors.ts'
import type { LogLevel } from '../model/control.ts'
import { lookForAccounts } from './config-account.ts'
import { type ConfigFile, ignoreRepeats, readConfigDir, readConfigFile, renderFault } from './config-dir.ts'
import { readConfigInput } from './config-input.ts'
import { lookAround } from './config-world.ts'
import type { DaemonOptions } from './daemon-options.ts'
import { closeInherited } from './inherited.ts'
import { type Places, placesOf } from './places.ts'
import { RETRY, STEP } from './report-schedule.ts'
import { takeRootGroups } from './root-groups.ts'
import { serveDirectory } from './serve-directory.ts'
import { superviseAlone } from './supervise-alone.ts'

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

/**
 * Serves a directory, or supervises the agents of files or standard input in the foreground; returns the exit status.
 * Throws 'usage' for what does not go together, and 'config' for a configuration that nothing can be done with.
 */
export async function runAgentSpawn(options: AgentSpawnOptions): Promise<number> {
  const { dir, files } = options
  if (dir !== null && files.length > 0) throw new CommandError('usage', `'${files[0]}': no operand is taken with -d`)
  if (options.test) return await test(options)
  closeInherited(options.readyFd)
  takeRootGroups()
  const daemon = toDaemonOptions(options)
  if (daemon.dir !== null) {
    await serveDirectory(daemon.dir, daemon)
    return 0
  }
  const read = await readFiles(options)
  const agents = read.flatMap(({ file, parsed }) => (parsed.config === null ? [] : [{ file, config: parsed.config }]))
  if ((await reportAll(read, options.report)) > 0)
    throw new CommandError('config', 'nothing is started: the configuration is wrong')
  return await superviseAlone(agents, daemon)
}

/** Tells every fault and warning, and of a program that is not there; 78 where there is a fault (B13, B29). */
async function test(options: AgentSpawnOptions): Promise<number> {
  const read = options.dir === null ? await readFiles(options) : readConfigDir(options.dir)
  return (await reportAll(read, options.report)) > 0 ? 78 : 0
}

async function reportAll(read: readonly ConfigFile[], report: (text: string) => void): Promise<number> {
  let faults = 0
  for (const { file, parsed } of read) {
    for (const fault of parsed.faults) report(renderFault(file, fault))
    faults += parsed.faults.length
    for (const warning of parsed.warnings) report(`warning: ${renderFault(file, warning)}`)
    if (parsed.config === null) continue
    const seen = [...lookAround(parsed.config), ...(await lookForAccounts(parsed.config))]
    for (const warning of seen) report(`warning: ${renderFault(file, warning)}`)
  }
  return faults
}

async function readFiles({ files }: AgentSpawnOptions): Promise<readonly ConfigFile[]> {
  return ignoreRepeats(files.length > 0 ? files.map(readConfigFile) : await readConfigInput(process.stdin))
}

function toDaemonOptions(options: AgentSpawnOptions): DaemonOptions {
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
