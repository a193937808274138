import type { ProbeError } from '../model/probe.ts'

/** One probe as it goes over the wire: everything that is decided before the connection is opened. */
export interface Exchange {
  readonly ip: string
  readonly port: number
  readonly way: 'HTTP' | 'HTTPS' | 'TCP'
  readonly verb: string
  /** The request, whole; empty for TCP. */
  readonly request: Uint8Array
  /** The TLS server name; undefined where the host is an address, which SNI cannot carry (RFC 6066, 3). */
  readonly serverName: string | undefined
  /** How many bytes of the body are read. */
  readonly limit: number
  /** Covers all of it, from connect() to the last byte, in seconds. */
  readonly timeout: number
}

/** One probe, measured. Times in seconds (formats, 7.2). */
export interface Sample {
  readonly connect: number | null
  readonly ttfb: number | null
  readonly download: number | null
  /** Null: never connected. */
  readonly total: number | null
  readonly bytes: number
  readonly code: string
  /** Null: the answer came whole and in time; whether its code is acceptable is decided later. */
  readonly error: ProbeError | null
  readonly detail: string | null
  /** This process was too busy, or held the transfer back itself. */
  readonly suspect: boolean
}

/** A sample of a probe that could not be made, for a reason on this host. */
export function localFailure(detail: string): Sample {
  return {
    connect: null,
    ttfb: null,
    download: null,
    total: null,
    bytes: 0,
    code: '000',
    error: 'local',
    detail,
    suspect: true,
  }
}
