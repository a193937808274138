import { FTPError } from 'basic-ftp'
import { CommandError, errnoOf, type Fault, reasonOf } from '../errors.ts'
import { connectReasonOf } from '../sys/connect-reason.ts'
import { EnoughError } from './range-sink.ts'

/** What a server says is not told longer than this. */
const WORDS_MOST = 200

/** What makes a fault of an error. */
export interface Telling {
  /** Seconds of silence. */
  readonly timeout: number
  /** Never told, not even where the server repeats it; empty: there is none. */
  readonly password: string
}

/** What basic-ftp throws, in an operator's words; what the sink threw stays as it is. */
export function toFtpFault(error: unknown, telling: Telling): unknown {
  if (error instanceof CommandError || error instanceof EnoughError) return error
  if (error instanceof FTPError)
    return new CommandError(faultOf(error.code), `the server said: ${wordsOf(error, telling)}`, { cause: error })
  if (!(error instanceof Error)) return error
  const { message } = error
  const passive = /^None of the available transfer strategies work\. Last error response was '\w*?: ?(.*)'\.$/s.exec(
    message,
  )
  const [fault, text] = passive === null ? controlFault(error, telling) : passiveFault(passive[1] ?? '', telling)
  return new CommandError(fault, text, { cause: error })
}

/** The server does not give TLS, which was asked for: whatever it said to AUTH is no word about the login. */
export function toTlsFault(error: unknown, telling: Telling): unknown {
  if (!(error instanceof FTPError)) return toFtpFault(error, telling)
  return new CommandError('unavailable', `the server does not give TLS: ${wordsOf(error, telling)}`, { cause: error })
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

function controlFault(error: Error, { timeout }: Telling): [Fault, string] {
  const { message } = error
  if (/exceeded maximum allowed size/.test(message)) return ['data', 'the server sent a reply without end']
  if (/^Timeout/.test(message)) return ['unavailable', `nothing came within ${timeout} seconds`]
  if (/closed connection|FIN packet|Client is closed/.test(message))
    return ['unavailable', 'the server closed the connection']
  return ['unavailable', shorten(connectReasonOf(error).replace(/ \((control|data) socket\)$/s, ''))]
}

/** Neither by EPSV nor by PASV there is a data connection; an active one is never made. */
function passiveFault(message: string, { timeout }: Telling): [Fault, string] {
  const other = /PASV returned another host \(([\d.-]+)\)/.exec(message)?.[1]
  if (other !== undefined) return ['data', `the server wanted the data to come from another host, ${shorten(other)}`]
  const unclear = /Can't parse .*?: (.*)$/s.exec(message)?.[1]
  if (unclear !== undefined) return ['data', `the server told no port for the data: ${shorten(unclear)}`]
  if (/^\d{3}/.test(message)) return ['unavailable', `the server does not do passive transfers: ${shorten(message)}`]
  if (/^Timeout/.test(message)) return ['unavailable', `no data connection within ${timeout} seconds`]
  const code = /\bconnect (E[A-Z]+)/.exec(message)?.[1] // of the error itself only its text is left
  const reason = code === undefined ? message : reasonOf(Object.assign(new Error(message), { code }))
  return ['unavailable', `no data connection: ${shorten(reason)}`]
}

/** What permission is asked for is not there, what a file is asked for is not there: all else is the server's. */
function faultOf(code: number): Fault {
  if (code === 530 || code === 532 || code === 430 || code === 331 || code === 332) return 'permission'
  return code === 550 || code === 553 ? 'no' : 'unavailable'
}

function wordsOf({ message, code }: FTPError, { password }: Telling): string {
  return password !== '' && message.includes(password) ? `${code}, and the password` : shorten(message)
}

function shorten(text: string): string {
  const line = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/\p{Cc}/gu, '?')
  return line.length > WORDS_MOST ? `${line.slice(0, WORDS_MOST)}…` : line
}
