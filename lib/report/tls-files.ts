import { readFileSync } from 'node:fs'
import { CommandError, toCommandError } from '../errors.ts'
import type { TlsTrust } from '../sys/tls.ts'

/** What TLS is asked for with: files, and the key that the servers have to have, SHA-256 in hexadecimal. */
export interface TlsChoice {
  /** Speak TLS to all servers; any of the others says so too. */
  readonly tls: boolean
  readonly ca: string | undefined
  readonly cert: string | undefined
  /** Absent: it stands in the file of the certificate. */
  readonly key: string | undefined
  readonly pin: string | undefined
}

/**
 * Reads what TLS to all servers goes by; null: it is not asked for. Throws 'usage' for a key without a certificate, 'io' or
 * 'permission' where a file cannot be read, 'config' where it is of no use.
 */
export async function readTrust({ tls, ca, cert, key, pin }: TlsChoice): Promise<TlsTrust | null> {
  if (key !== undefined && cert === undefined) throw new CommandError('usage', '--key needs --cert')
  if (!tls && [ca, cert, pin].every(given => given === undefined)) return null
  const { toTrust } = await import('../sys/tls.ts')
  return toTrust({ ca: read(ca), cert: read(cert), key: read(key), pin })
}

function read(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, 'utf8')
  } catch (error) {
    throw toCommandError(`read '${path}'`, error)
  }
}
