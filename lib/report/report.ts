import { CommandError } from '../errors.ts'
import type { Snapshot } from '../model/report.ts'
import { renderServer, toServer } from '../model/server-list.ts'
import type { TlsTrust } from '../sys/tls.ts'
import { type AskLimits, askServer, type Reported } from './ask-server.ts'

/** How a snapshot is reported. */
export interface ReportOptions extends AskLimits {
  /** How TLS is spoken to all servers; null: to those whose entries say https, with the usual certificates. */
  readonly trust: TlsTrust | null
  readonly warn: (text: string) => void
  /** Seconds since the epoch. */
  readonly now: () => number
}

/**
 * Brings a snapshot to the first of its servers that answers, in their order (B55); what each of the others did wrong is
 * warned of. Where one entry says https, those without it are not asked: who can stop the one must not get the report in
 * plain (B63). Throws 'unavailable' where none answered, 'config' where TLS cannot be set up.
 */
export async function report(snapshot: Snapshot, options: ReportOptions): Promise<Reported> {
  if (snapshot.servers.length === 0) throw new CommandError('unavailable', 'there is no server to report to')
  const entries = snapshot.servers.map(toServer)
  const isSecure = options.trust !== null || entries.some(entry => typeof entry !== 'string' && entry.tls)
  const trust = isSecure ? (options.trust ?? (await import('../sys/tls.ts')).toTrust({})) : null
  for (const entry of entries) {
    if (typeof entry === 'string') {
      options.warn(entry)
      continue
    }
    const server = { ...entry, tls: entry.tls || options.trust !== null }
    const name = renderServer(server)
    const warn = (text: string) => options.warn(`server '${name}': ${text}`)
    if (isSecure && !server.tls) {
      warn('not asked: it is without TLS, others are not')
      continue
    }
    try {
      return await askServer(server, snapshot, { ...options, trust, warn })
    } catch (error) {
      if (!(error instanceof CommandError) || (error.fault !== 'unavailable' && error.fault !== 'data')) throw error
      warn(error.message)
    }
  }
  throw new CommandError('unavailable', 'no server answered')
}
