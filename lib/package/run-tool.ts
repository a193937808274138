import { CommandError } from '../errors.ts'
import { type ChildResult, runChild } from '../sys/child.ts'
import { lastLines, toolFault } from './tool-fault.ts'

/** Where the tools look for theirs; dpkg does without sbin not work. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** So much of what a tool writes is held, in bytes; the reason stands at the end. */
const OUTPUT_LIMIT = 8 * 1024 * 1024

/**
 * Runs a package tool to its end: no shell, no questions, a clean environment, messages in English. Returns its stdout.
 * Throws 'unavailable' without the tool, 'again' when the time is over or the database locked, 'permission' or 'io' where
 * it says so, else 'no' with its last lines.
 */
export async function runTool(program: string, args: readonly string[], timeout: number): Promise<string> {
  const result = await askTool(program, args, timeout)
  if (result.code === 0) return result.stdout
  const text = result.stderr.trim() === '' ? result.stdout : result.stderr
  const said = lastLines(text) || `it ended with ${result.code ?? result.signal}`
  throw new CommandError(toolFault(text), `'${program}' failed: ${said}`)
}

/** The same, whatever its exit status. Throws 'unavailable' without the tool, 'again' when the time is over. */
export async function askTool(program: string, args: readonly string[], timeout: number): Promise<ChildResult> {
  const { PATH, HOME } = process.env
  const env = {
    PATH: PATH === undefined ? SYSTEM_PATH : `${PATH}:${SYSTEM_PATH}`,
    HOME: HOME ?? '/root',
    LC_ALL: 'C',
    DEBIAN_FRONTEND: 'noninteractive',
  }
  const result = await runChild(program, args, { timeout, env, limit: OUTPUT_LIMIT })
  if (!result.timedOut) return result
  const said = lastLines(result.stderr)
  throw new CommandError('again', `'${program}' took more than ${timeout} s${said === '' ? '' : `: ${said}`}`)
}
