import { runChild } from '../sys/child.ts'

/** How a command that a task needs has ended. */
export interface CommandEnd {
  /** Its exit status; null: it was killed, its time being over, or it could not be started. */
  readonly status: number | null
  /** The records that it wrote. */
  readonly records: readonly Readonly<Record<string, unknown>>[]
  /** Why it failed, in its own words. */
  readonly reason: string
}

/** Runs one of our commands for a task. */
export type RunCommand = (
  program: string,
  args: readonly string[],
  options: { readonly timeout: number; readonly input?: string },
) => Promise<CommandEnd>

const SETPRIV = '/usr/bin/setpriv'
/** So much of what it writes is read, in bytes. */
const OUTPUT_MOST = 64 * 1024

/** What runs the commands of tasks. */
export interface Commands {
  readonly run: RunCommand
  /** Kills what runs, as the death of agent-spawn does; nothing more is run. */
  readonly close: () => void
}

/**
 * Runs commands, each to its end, with this environment. One dies with agent-spawn, however that dies: the next agent-spawn
 * goes back, and nobody else may be at work then.
 */
export function openCommands(env: Readonly<Record<string, string>>): Commands {
  const running = new Set<() => void>()
  let isClosed = false
  const run: RunCommand = async (program, args, { timeout, input }) => {
    if (isClosed) return { status: null, records: [], reason: 'agent-spawn ends' }
    const alone = `[ "$PPID" = ${process.pid} ] && exec "$@"`
    const chain = ['--pdeathsig=KILL', '--', '/bin/sh', '-c', alone, 'sh', program, ...args]
    let end = () => {}
    const { code, signal, stdout, stderr, timedOut } = await runChild(SETPRIV, chain, {
      ...{ timeout, env, limit: OUTPUT_MOST },
      ...(input === undefined ? {} : { input }),
      onStart: kill => {
        end = kill
        running.add(kill)
      },
    }).finally(() => running.delete(end))
    const records = recordsOf(stdout)
    if (timedOut) return { status: null, records, reason: `${program} took more than ${timeout} s` }
    if (signal !== null) return { status: null, records, reason: `${program} was ended by ${signal}` }
    return { status: code, records, reason: reasonOf(program, records, stderr) }
  }
  const close = () => {
    isClosed = true
    for (const kill of running) kill()
  }
  return { run, close }
}

/** The records of an output; what is none is passed over. */
function recordsOf(text: string): CommandEnd['records'] {
  return text.split('\n').flatMap(line => {
    try {
      const value: unknown = JSON.parse(line)
      return typeof value === 'object' && value !== null ? [{ ...value }] : []
    } catch {
      return []
    }
  })
}

/** The message of its error record, or its last line, without what stands before. */
function reasonOf(program: string, records: CommandEnd['records'], stderr: string): string {
  const told = records.find(({ type }) => type === 'error')?.['message']
  if (typeof told === 'string') return told
  const last = stderr.trim().split('\n').at(-1) ?? ''
  const prefix = `${program}: fatal: `
  return last.startsWith(prefix) ? last.slice(prefix.length) : last || `${program} said nothing`
}
