import { Resolver } from 'node:dns/promises'
import { errnoOf, reasonOf } from '../errors.ts'
import type { Clock } from '../sys/clock.ts'

/** Where named answers, and for which zone. */
export interface NamedPlace {
  readonly server: string
  readonly port: number
  readonly zone: string
}

/** What named said to the question for the zone's SOA. */
export type SoaAnswer =
  | { readonly kind: 'serial'; readonly serial: number }
  /** It is there, but the zone is not loaded (SERVFAIL). */
  | { readonly kind: 'unloaded'; readonly message: string }
  /** It is there, but does not answer for this zone, or not to us. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Nothing that can be read came in time. */
  | { readonly kind: 'silent'; readonly message: string }

/** When the questions of one poll are asked, as shares of its time: early ones for a small zone, late ones for a large. */
const POLL_AT = [0, 0.04, 0.2, 0.5, 0.9] as const

const REFUSALS: Readonly<Record<string, string>> = {
  EREFUSED: 'REFUSED',
  ENOTFOUND: 'NXDOMAIN',
  ENODATA: 'an answer without SOA',
  ENOTIMP: 'NOTIMP',
  EFORMERR: 'FORMERR',
}

/**
 * Asks once for the zone's SOA serial, unsigned 32 bit, over UDP and after a truncated answer over TCP. c-ares checks
 * transaction and question; a resolver of its own for each question leaves nothing to its cache or its server
 * statistics. Never throws: what went wrong is an answer too.
 */
export async function askSerial(place: NamedPlace, seconds: number): Promise<SoaAnswer> {
  const timeout = Math.max(1, Math.round(seconds * 1000))
  const resolver = new Resolver({ timeout, tries: 1, maxTimeout: timeout })
  resolver.setServers([
    place.server.includes(':') ? `[${place.server}]:${place.port}` : `${place.server}:${place.port}`,
  ])
  const timer = setTimeout(() => resolver.cancel(), timeout)
  try {
    const { serial } = await resolver.resolveSoa(place.zone)
    return { kind: 'serial', serial: serial >>> 0 }
  } catch (error) {
    return toFailure(error)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Asks up to five times within so many seconds until the serial is the wanted one (formats 10.3); returns the last
 * answer, or the last that was a serial when named fell silent after it.
 */
export async function pollSerial(place: NamedPlace, wanted: number, seconds: number, clock: Clock): Promise<SoaAnswer> {
  const from = clock.now()
  let best: SoaAnswer | undefined
  for (const [i, share] of POLL_AT.entries()) {
    await clock.sleep(Math.max(0, from + share * seconds - clock.now()))
    const until = from + (POLL_AT[i + 1] ?? 1) * seconds
    const answer = await askSerial(place, until - clock.now())
    if (answer.kind === 'serial' && answer.serial === wanted) return answer
    if (answer.kind !== 'silent' || best === undefined) best = answer
  }
  return best ?? { kind: 'silent', message: 'no answer' }
}

function toFailure(error: unknown): SoaAnswer {
  const code = errnoOf(error) ?? ''
  if (code === 'ESERVFAIL') return { kind: 'unloaded', message: 'SERVFAIL' }
  const refusal = REFUSALS[code]
  if (refusal !== undefined) return { kind: 'refused', message: refusal }
  if (code === 'ETIMEOUT' || code === 'ECANCELLED') return { kind: 'silent', message: 'no answer' }
  if (code === 'EBADRESP') return { kind: 'silent', message: 'an answer that is no DNS' }
  return { kind: 'silent', message: reasonOf(error) }
}
