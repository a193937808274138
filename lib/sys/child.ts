import { spawn } from 'node:child_process'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'

/** How a child is run. */
export interface ChildOptions {
  /** Seconds until TERM; KILL follows after 2 more. */
  readonly timeout: number
  /** What it gets on stdin; absent: /dev/null. */
  readonly input?: string
  /** How much of its stdout, and of its stderr, is kept, in bytes. Default 64 KiB; the rest is thrown away. */
  readonly limit?: number
  /** Descriptors of ours that it gets as 3, 4 and so on. */
  readonly descriptors?: readonly number[]
  /** Its environment; absent: PATH, HOME, LANG of ours and nothing else. */
  readonly env?: Readonly<Record<string, string>>
  /** Is given what kills it, and nobody else of its group, as soon as it is started. */
  readonly onStart?: (kill: () => void) => void
}

/** How a child ended. */
export interface ChildResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly timedOut: boolean
  readonly stdout: string
  readonly stderr: string
}

const KILL_AFTER_MS = 2000
/** How long a daemon that holds the outputs of an ended child open is waited for; what is left of the group goes first. */
const LINGER_MS = KILL_AFTER_MS + 1000

/**
 * Runs a program to its end: no shell, its own process group, both outputs read at once, TERM then KILL at the time
 * limit. A daemon that it leaves behind stays, and is not waited for. Throws 'unavailable' when there is no such
 * program, 'permission' or 'io' when it cannot be started.
 */
export function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  const limit = options.limit ?? 64 * 1024
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      detached: true,
      env: options.env ?? cleanEnvironment(),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...(options.descriptors ?? [])],
    })
    options.onStart?.(() => child.kill('SIGKILL'))
    let timedOut = false
    let killer: NodeJS.Timeout | undefined
    let closer: NodeJS.Timeout | undefined
    const timer = setTimeout(() => {
      timedOut = true
      signalGroup(child.pid, 'SIGTERM')
      killer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS)
    }, options.timeout * 1000)
    const stdout = keep(child.stdout, limit)
    const stderr = keep(child.stderr, limit)
    child.on('error', error => {
      clearTimeout(timer)
      if (errnoOf(error) === 'ENOENT') reject(new CommandError('unavailable', `'${program}': no such program`))
      else reject(toCommandError(`run '${program}'`, error))
    })
    child.on('exit', () => {
      clearTimeout(timer)
      closer = setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy()
      }, LINGER_MS)
    })
    child.on('close', (code, signal) => {
      clearTimeout(killer)
      clearTimeout(closer)
      resolve({ code, signal, timedOut, stdout: stdout(), stderr: stderr() })
    })
    child.stdin?.on('error', () => {}) // a child that does not read its input says so by its exit status
    child.stdin?.end(options.input)
  })
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // The group has ended in the meantime.
  }
}

function keep(stream: NodeJS.ReadableStream | null, limit: number): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream?.on('data', (chunk: Buffer) => {
    if (size < limit) chunks.push(chunk.subarray(0, limit - size))
    size += chunk.length
  })
  return () => Buffer.concat(chunks).toString()
}

function cleanEnvironment(): Record<string, string> {
  const env: Record<string, string> = {}
  for (const name of ['PATH', 'HOME', 'LANG']) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  return env
}
