import type { LogLevel } from '../model/control.ts'
import type { Places } from './places.ts'

/** What agent-spawn was told on its command line; the paths not given are those of `places`. */
export interface DaemonOptions {
  /** The directory of configurations; null: `files`, or standard input. */
  readonly dir: string | null
  readonly files: readonly string[]
  /** The cgroup of all agents, and whether agent-spawn goes there too (B13). */
  readonly group: string
  readonly joinGroup: boolean
  readonly places: Places
  /** Without a directory there are sockets, and logs of the agents, only where they were asked for. */
  readonly hasSockets: boolean
  readonly hasLogs: boolean
  /** The log of agent-spawn itself; null: standard error. */
  readonly logFile: string | null
  readonly level: LogLevel
  readonly readyFd: number | null
  readonly version: string
  /** Seconds between two reports, and after a failed one (B10, B11). */
  readonly report: { readonly step: number; readonly retry: number }
  /** A package without a checksum is installed (B49). */
  readonly unverified: boolean
  /** HOST:PORT,… that are built in, and those of the first start (B55). */
  readonly servers: { readonly builtIn: string; readonly first: string }
}
