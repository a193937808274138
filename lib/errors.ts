/** What went wrong, in words; only `lib/cli/exit.ts` knows which exit status each one is. */
export type Fault = 'no' | 'usage' | 'data' | 'unavailable' | 'bug' | 'io' | 'again' | 'permission' | 'config'

/** An error whose message is meant for the operator: lower case, what failed first, the reason last. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly fault: Fault
  /** What makes it the same alert for `mail-alert`, where the message names what differs from round to round. */
  readonly key: string | undefined

  constructor(fault: Fault, message: string, options?: { readonly cause?: unknown; readonly key?: string }) {
    super(message, options)
    this.fault = fault
    this.key = options?.key
  }
}

/** The reason of a caught value in an operator's words: errno texts in lower case, without Node's prefix. */
export function reasonOf(caught: unknown): string {
  if (!(caught instanceof Error)) return String(caught)
  const code = errnoOf(caught)
  return (code === undefined ? undefined : ERRNO_TEXTS[code]) ?? caught.message
}

/** The errno name (`ENOENT`) of a caught value, or undefined when it is no system error. */
export function errnoOf(caught: unknown): string | undefined {
  if (!(caught instanceof Error) || !('code' in caught) || typeof caught.code !== 'string') return undefined
  return caught.code
}

/** A system error as a CommandError: not permitted is 'permission', all else 'io'; a CommandError stays what it is. */
export function toCommandError(doing: string, caught: unknown): CommandError {
  if (caught instanceof CommandError) return caught
  const code = errnoOf(caught)
  const fault: Fault = code === 'EACCES' || code === 'EPERM' ? 'permission' : 'io'
  return new CommandError(fault, `unable to ${doing}: ${reasonOf(caught)}`, { cause: caught })
}

const ERRNO_TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'no such address on this host',
  EAI_AGAIN: 'the name does not resolve',
  EBUSY: 'in use',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EEXIST: 'file exists',
  EHOSTUNREACH: 'no route to host',
  EINVAL: 'invalid argument',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENETUNREACH: 'network is unreachable',
  ENFILE: 'too many open files in the system',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  ENOTFOUND: 'the name does not resolve',
  EPERM: 'operation not permitted',
  EPIPE: 'broken pipe',
  EROFS: 'read-only file system',
  ETIMEDOUT: 'connection timed out',
  EXDEV: 'the two places are on different mounts',
}
