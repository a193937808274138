import { readFileSync } from 'node:fs'
import { toCommandError } from '../errors.ts'
import type { TlsTrust } from '../sys/tls.ts'

/** The files of a TLS client, and the key that the servers have to have, SHA-256 in hexadecimal. */
export interface TlsPaths {
  readonly ca: string | undefined
  readonly cert: string | undefined
  /** Absent: it stands in the file of the certificate. */
  readonly key: string | undefined
  readonly pin: string | undefined
}

/** Reads what TLS goes by. Throws 'io' or 'permission' where a file cannot be read, 'config' where it is of no use. */
export async function readTrust({ ca, cert, key, pin }: TlsPaths): Promise<TlsTrust> {
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
