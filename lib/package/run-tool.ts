import { constants } from 'node:os'
import { CommandError } from '../errors.ts'
import { type ChildResult, runChild } from '../sys/child.ts'
import { isFailure, lastLines, toolFailure } from './tool-fault.ts'

/** What holds for each tool that changes something. */
export interface ToolBounds {
  /** Seconds. */
  readonly timeout: number
  /** The descriptor of the lock, which is held until the tool has ended, also where this process has not lived so long. */
  readonly lock: number
}

/** Where the tools look for theirs; dpkg does without sbin not work. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** So much of what a tool writes is held, in bytes; the reason stands at the end. */
const OUTPUT_LIMIT = 8 * 1024 * 1024
/**
 * Keeps the lock, descriptor 3, while the tool runs, and the tool and its daemons from having it; TERM is for the tool, and what
 * the shell has to say of that for nobody.
 */
const LOCKED = 'trap : TERM; exec 4>&2 2>/dev/null; (exec "$@" 2>&4 3>&- 4>&-); exit $?'
/** What a shell ends with where there is no such program; above SIGNALLED: the program was ended by a signal. */
const NO_PROGRAM = 127
const SIGNALLED = 128

/**
 * Runs a package tool to its end: no shell that would look at the words, no questions, a clean environment, messages in
 * English. Returns its stdout. Throws 'unavailable' without the tool, 'again' when the time is over or the database locked,
 * 'permission' or 'io' where it says so, else 'no' with its last lines.
 */
export async function runTool(program: string, args: readonly string[], bounds: ToolBounds): Promise<string> {
  const result = await ask('sh', ['-c', LOCKED, 'sh', program, ...args], program, bounds.timeout, [bounds.lock])
  if (!isFailure(result.code, result.stderr)) return result.stdout
  if (result.code === NO_PROGRAM) throw new CommandError('unavailable', `'${program}': no such program`)
  const text = result.stderr.trim() === '' ? result.stdout : result.stderr
  const { fault, words } = toolFailure(text)
  throw new CommandError(fault, told(`'${program}' failed`, words, lastLines(text) || howEnded(result)))
}

/** Asks a package tool something, whatever its exit status. Throws 'unavailable' without the tool, 'again' when the time is over. */
export function askTool(
  program: string,
  args: readonly string[],
  timeout: number,
  descriptors: readonly number[] = [],
): Promise<ChildResult> {
  return ask(program, args, program, timeout, descriptors)
}

async function ask(
  program: string,
  args: readonly string[],
  name: string,
  timeout: number,
  descriptors: readonly number[],
): Promise<ChildResult> {
  const { PATH, HOME } = process.env
  const env = {
    PATH: PATH === undefined ? SYSTEM_PATH : `${PATH}:${SYSTEM_PATH}`,
    HOME: HOME ?? '/root',
    LC_ALL: 'C',
    DEBIAN_FRONTEND: 'noninteractive',
  }
  const result = await runChild(program, args, { timeout, env, limit: OUTPUT_LIMIT, descriptors })
  if (!result.timedOut) return result
  // One that waits for its database says so; nothing else that it has said is why.
  const { fault, words } = toolFailure(result.stderr)
  const why = fault === 'again' ? words : null
  throw new CommandError('again', told(`'${name}' took more than ${timeout} s`, why, lastLines(result.stderr)))
}

function told(...parts: readonly (string | null)[]): string {
  return parts.filter(part => part !== null && part !== '').join(': ')
}

function howEnded({ code, signal }: ChildResult): string {
  const number = (code ?? 0) - SIGNALLED
  const name = signal ?? Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
  return name === undefined ? `it ended with ${code}` : `it was ended by ${name}`
}
