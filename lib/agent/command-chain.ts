import type { AgentConfig } from '../model/agent-config.ts'
import type { Account } from './account.ts'

/** Under which circumstances an agent is started. */
export interface ChainOptions {
  /** The pid of agent-spawn. */
  readonly supervisor: number
  /** The cgroup.procs files it belongs in (B56). */
  readonly procs: readonly string[]
  /** agent-spawn is not root: nobody becomes somebody else. */
  readonly unprivileged: boolean
  /** The name under which an agent puts itself into the journal, which is its descriptor 3; null: there is none. */
  readonly journal: string | null
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const SETPRIV = '/usr/bin/setpriv'
/** Takes out what sh puts into an environment of its own accord. */
export const CLEAN = 'unset PWD OLDPWD SHLVL'

/**
 * The programs that become the agent, one by executing the next, the fewest that do it (B15, B17, B56): sh puts itself into
 * the groups while it still may; setpriv becomes the user, and only then asks for the death of the parent to be its own,
 * since the kernel forgets that wish at a change of user; sh looks whether the parent still is agent-spawn, which may have
 * died before the wish. What cannot be executed ends with 127 (not there) or 126, what setpriv is refused with 127.
 */
export function commandChain(
  config: AgentConfig,
  account: Account,
  options: ChainOptions,
): readonly [string, ...string[]] {
  const agent = agentStep(config)
  const changes = changesUser(account, options)
  if (config.type === 'fork') {
    const user = changes ? setprivStep(userFlags(account), agent) : agent
    const bare = options.procs.length === 0 && options.journal === null
    return bare ? user : shStep(options.procs, null, user, options.journal)
  }
  const early = changes ? options.procs : []
  const late = changes ? [] : options.procs
  const checked = shStep(late, options.supervisor, agent, options.journal)
  const user = setprivStep([...(changes ? userFlags(account) : []), '--pdeathsig=KILL'], checked)
  return early.length === 0 ? user : shStep(early, null, user)
}

/** The rest of the chain of a `simple` agent, for a process that is in its groups and dies with agent-spawn already. */
export function lateChain(
  config: AgentConfig,
  account: Account,
  options: Pick<ChainOptions, 'supervisor' | 'unprivileged'>,
): readonly [string, ...string[]] {
  const agent = agentStep(config)
  if (!changesUser(account, options)) return agent
  return setprivStep([...userFlags(account), '--pdeathsig=KILL'], shStep([], options.supervisor, agent))
}

function changesUser(account: Account, { unprivileged }: Pick<ChainOptions, 'unprivileged'>): boolean {
  return !unprivileged && (account.uid !== 0 || account.gid !== 0)
}

/** The whole environment of an agent; what its configuration says wins (B18). */
export function environmentOf(config: AgentConfig, account: Account, bootsock: string): Record<string, string> {
  const env: Record<string, string> = { PATH, HOME: account.home, USER: account.user, BOOTSOCK: bootsock }
  for (const [name, value] of Object.entries(config.envs)) if (!isAwkward(name)) env[name] = value
  return env
}

/** What a shell or the loader of the programs before the agent would take for its own, or a shell would not hand on. */
function isAwkward(name: string): boolean {
  return !/^[A-Za-z_]\w*$/.test(name) || /^(PWD|OLDPWD|SHLVL|PPID|IFS|OPTIND|PS[124]|_|ENV|LD_.*|BASH.*)$/.test(name)
}

/** The agent, behind env(1) where a shell would not hand its variables on. */
function agentStep({ argv, envs }: AgentConfig): readonly [string, ...string[]] {
  const awkward = Object.entries(envs).filter(([name]) => isAwkward(name))
  return awkward.length === 0 ? argv : ['/usr/bin/env', ...awkward.map(([name, value]) => `${name}=${value}`), ...argv]
}

function userFlags(account: Account): readonly string[] {
  return [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups']
}

/** setpriv(1) with these flags, then the next program. */
export function setprivStep(flags: readonly string[], next: readonly string[]): readonly [string, ...string[]] {
  return [SETPRIV, ...flags, '--', ...next]
}

/** A group that cannot be entered is told in the agent's log, and the agent runs without it. */
function shStep(
  procs: readonly string[],
  parent: number | null,
  next: readonly string[],
  journal: string | null = null,
): readonly [string, ...string[]] {
  const enter = procs.map((_, index) => `echo 0 >"\${${index + 1}}"`)
  const shift = procs.length > 0 ? [`shift ${procs.length}`] : []
  const lines = [CLEAN, ...enter, ...shift, ...(journal === null ? [] : journalLines(journal))]
  const exec = parent === null ? 'exec "$@"' : `[ "$PPID" = ${parent} ] && exec "$@"`
  return ['/bin/sh', '-c', [...lines, exec].join('; '), 'sh', ...procs, ...next]
}

/**
 * The line of the journal that agent-spawn itself writes a moment later: unless it is killed in that moment, which is long enough
 * for an agent to start workers. PS4 is a variable that no agent has (see isAwkward); field 22 is when the process was started.
 */
function journalLines(name: string): readonly string[] {
  return [`read -r ${'PS4 '.repeat(22)}</proc/$$/stat`, `echo "${name} $$ \${PS4%% *}" >&3`, 'exec 3>&-']
}
