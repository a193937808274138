import { FTPError } from 'basic-ftp'
import { CommandError, errnoOf, type Fault, reasonOf } from '../errors.ts'
import { EnoughError } from './range-sink.ts'

/** What a server says is not told longer than this. */
const WORDS_MOST = 200

/** What basic-ftp throws, in an operator's words; what the sink threw stays as it is. */
export function toFtpFault(error: unknown, timeout: number): unknown {
  if (error instanceof CommandError || error instanceof EnoughError) return error
  if (error instanceof FTPError)
    return new CommandError(faultOf(error.code), `the server said: ${shorten(error.message)}`, { cause: error })
  if (!(error instanceof Error)) return error
  const { message } = error
  const other = /PASV returned another host \(([\d.-]+)\)/.exec(message)?.[1]
  const [fault, text]: [Fault, string] =
    other !== undefined
      ? ['data', `the server wanted the data to come from another host, ${shorten(other)}`]
      : /exceeded maximum allowed size/.test(message)
        ? ['data', 'the server sent a reply without end']
        : /^Timeout/.test(message)
          ? ['unavailable', `nothing came within ${timeout} seconds`]
          : /closed connection|FIN packet|Client is closed/.test(message)
            ? ['unavailable', 'the server closed the connection']
            : ['unavailable', shorten(reasonOf(error).replace(/;.*| \((control|data) socket\)$/s, ''))]
  return new CommandError(fault, text, { cause: error })
}

/** True where the server said that the transfer failed. */
export function isRefused(error: unknown): boolean {
  return error instanceof CommandError && error.cause instanceof FTPError
}

/** True where a transfer from a later place may have failed for that: refused, or its data connection reset at once. */
export function isRestRefused(error: unknown): boolean {
  if (!(error instanceof CommandError)) return false
  const { cause } = error
  return cause instanceof FTPError ? cause.code === 451 || cause.code >= 500 : errnoOf(cause) === 'ECONNRESET'
}

function faultOf(code: number): Fault {
  if (code === 530 || code === 532 || code === 331 || code === 332) return 'permission'
  if (code === 550 || code === 553) return 'no'
  return code < 500 ? 'unavailable' : 'data'
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > WORDS_MOST ? `${line.slice(0, WORDS_MOST)}…` : line
}
