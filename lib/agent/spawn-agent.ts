import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import type { ProcessId } from './life.ts'
import { readProc, statOf } from './process-id.ts'

/** What an agent is started with. */
export interface SpawnOptions {
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** The descriptor of its log: its stdout and stderr. */
  readonly output: number
  /** Its descriptor 3; null: it has none. */
  readonly journal?: number | null
  /** Called once, when it has ended, in a turn of the loop of its own. */
  readonly onExit: (code: number | null, signal: string | null) => void
}

const UMASK = 0o022

/**
 * Starts a command chain in a session and a process group of its own, in `/`, with umask 022, nothing on stdin, no other
 * descriptor, and every signal as a login would have it. Throws 'unavailable', 'permission' or 'io' when its first program cannot
 * be executed, 'again' when there are too many processes or descriptors.
 */
export function spawnAgent(chain: readonly [string, ...string[]], options: SpawnOptions): ProcessId {
  const { env, output, journal = null, onExit } = options
  return spawnChild(chain, { env, stdio: ['ignore', output, output, ...(journal === null ? [] : [journal])], onExit })
    .id
}

/** The same with other descriptors than an agent has; the process as Node has it, too. */
export function spawnChild(
  chain: readonly [string, ...string[]],
  { env, stdio, onExit }: Pick<SpawnOptions, 'env' | 'onExit'> & { readonly stdio: StdioOptions },
): { readonly id: ProcessId; readonly child: ChildProcess } {
  const [program, ...args] = chain
  const umask = process.umask(UMASK)
  let child: ChildProcess
  try {
    child = spawn(program, args, { env, cwd: '/', detached: true, stdio })
  } catch (error) {
    throw toCommandError(`start '${program}'`, error)
  } finally {
    process.umask(umask)
  }
  if (child.pid === undefined) {
    child.once('error', () => {}) // the same, later
    throw whyNot(program)
  }
  const stat = statOf(child.pid) // there until it is collected, also when it has ended
  if (stat === null) {
    process.kill(child.pid, 'SIGKILL')
    throw new CommandError('again', `unable to start '${program}': its process is not to be seen in '/proc'`)
  }
  unspare(child.pid)
  child.unref() // one that runs on, as a fork agent's may, does not keep us
  // Not from within the handling of SIGCHLD: while agents that end at once are started again from there, it does not come to
  // an end, and no other signal, timer or socket gets its turn (libuv reads on while there are signals).
  child.once('exit', (code, signal) => setImmediate(onExit, code, signal))
  return { id: { pid: child.pid, startTime: stat.startTime }, child }
}

/** What keeps the OOM killer off agent-spawn is not for an agent, which inherits it. */
function unspare(pid: number): void {
  try {
    if (Number(readProc('/proc/self/oom_score_adj')) < 0) writeFileSync(`/proc/${pid}/oom_score_adj`, '0')
  } catch {
    // It has ended already, or there is no such file: it runs as it is.
  }
}

/** Node tells the reason only later, as an event. */
function whyNot(program: string): CommandError {
  try {
    accessSync(program, constants.X_OK)
    if (!statSync(program).isFile()) return new CommandError('permission', `unable to start '${program}': not a file`)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return new CommandError('unavailable', `'${program}': no such program`)
    return toCommandError(`start '${program}'`, error)
  }
  return new CommandError('again', `unable to start '${program}': too many processes or open files`)
}
