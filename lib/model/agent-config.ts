/** What an agent is allowed to be told to end with (B22), as Node names signals. */
export const STOP_SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGUSR1', 'SIGUSR2'] as const

/** See STOP_SIGNALS. */
export type StopSignal = (typeof STOP_SIGNALS)[number]

/** A resource limit of an agent's whole process tree, checked every `interval` seconds (B25); null: not limited. */
export interface AgentLimits {
  readonly interval: number
  /** Percent of one core. */
  readonly cpu: number | null
  /** RSS in KB. */
  readonly mem: number | null
  readonly fds: number | null
}

/** A share of the CPU (percent, relative) and a hard memory limit (KB) by cgroup (B24); null: not set. */
export interface AgentCgroup {
  readonly cpu: number | null
  readonly mem: number | null
}

/** What the answer of a check, or the message of a heartbeat, is compared with: `regex:…` or `string:…` (B26, B27). */
export interface AgentMatch {
  readonly kind: 'regex' | 'string'
  readonly text: string
}

/** The question a Unix socket is asked every `interval` seconds (B26). */
export interface AgentCheck {
  readonly interval: number
  readonly path: string
  readonly match: AgentMatch
}

/** The agent has to write to BOOTSOCK at least every `interval` seconds (B27). */
export interface AgentHeartbeat {
  readonly interval: number
  readonly match: AgentMatch | null
}

/** One agent's configuration, checked, with every default filled in (B14 to B28). Times are seconds. */
export interface AgentConfig {
  readonly name: string
  readonly version: string
  /** The command line as it was written, and its words (B14). */
  readonly exec: string
  readonly argv: readonly [string, ...string[]]
  readonly type: 'simple' | 'fork'
  /** Never null for `fork` (B16). */
  readonly pidfile: string | null
  /** null: root, or the caller where that is not root (B17). */
  readonly user: string | null
  readonly group: string | null
  readonly envs: Readonly<Record<string, string>>
  readonly startsecs: number
  readonly autostart: boolean
  readonly single: boolean
  readonly stopsignal: StopSignal
  readonly stopsecs: number
  readonly stopasgroup: boolean
  readonly stopit: boolean
  readonly restartsecs: number
  /** -1: never give up (B23). */
  readonly retries: number
  readonly exitcodes: readonly number[]
  readonly autorestart: 'yes' | 'no' | 'unexpect'
  readonly cgroup: AgentCgroup | null
  readonly limits: AgentLimits | null
  readonly check: AgentCheck | null
  readonly heartbeat: AgentHeartbeat | null
  readonly checks: number
  readonly checksecs: number
  /** Abnormal only when every check that is configured fails (B69). */
  readonly checkall: boolean
}
