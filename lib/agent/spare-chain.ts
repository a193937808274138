import type { AgentConfig } from '../model/agent-config.ts'
import type { Account } from './account.ts'
import { type ChainOptions, CLEAN, lateChain, setprivStep } from './command-chain.ts'

/** What a process is that waits to become an agent: a shell that reads what it is to do. Its last word is for who reads ps(1). */
export function spareChain(): readonly [string, ...string[]] {
  return setprivStep(['--pdeathsig=KILL'], ['/bin/sh', '-s', 'spare'])
}

/** Its first commands: into the groups, and a look whether the parent still was agent-spawn when its death became its own. */
export function spareReady(supervisor: number, procs: readonly string[]): string {
  return `${[CLEAN, 'set -e', ...procs.map(enter), `[ "$PPID" = ${supervisor} ]`, 'set +e'].join('; ')}\n`
}

/**
 * Its last commands, by which it becomes the agent (see `commandChain`; it is in the journal already). All are read before the
 * first is done, since the first takes away where they are read from. A log that has gone is no reason not to run.
 */
export function spareCommands(
  config: AgentConfig,
  account: Account,
  options: Pick<ChainOptions, 'supervisor' | 'unprivileged'> & {
    readonly procs: readonly string[]
    readonly env: Readonly<Record<string, string>>
    readonly log: string
  },
): string {
  const lines = [
    `command exec </dev/null >>${quoted(options.log)} 2>&1 || exec </dev/null >/dev/null 2>&1`,
    ...options.procs.map(enter),
    `export ${Object.entries(options.env)
      .map(([name, value]) => `${name}=${quoted(value)}`)
      .join(' ')}`,
    `exec ${lateChain(config, account, options).map(quoted).join(' ')}`,
  ]
  return `{\n${lines.join('\n')}\n}\n`
}

const enter = (procs: string) => `echo 0 >${quoted(procs)}`

/** A word that the shell takes as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
