import { isIP, type Socket } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import { CommandError } from '../errors.ts'
import { toFault } from './http-exchange.ts'

/** Whom a TLS client trusts, and who it is. */
export interface TlsTrust {
  readonly context: SecureContext
  /** SHA-256 of the one public key (SubjectPublicKeyInfo) that the peer may have, in hexadecimal; null: any. */
  readonly pin: string | null
}

/** What a TLS client is given, PEM texts. */
export interface TlsFiles {
  /** The certificates that are trusted instead of those Node ships with. */
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  /** Absent: it stands beside the certificate. */
  readonly key?: string | undefined
  readonly pin?: string | undefined
}

/** Makes the trust of a client. Throws 'config' where a text is not what it should be. */
export function toTrust({ ca, cert, key, pin }: TlsFiles): TlsTrust {
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  const own = cert === undefined ? {} : { cert, key: key ?? cert }
  try {
    if (ca === undefined) return { context: createSecureContext(own), pin: pin ?? null }
    ;new (process.getBuiltinModule('node:crypto').X509Certificate)(ca) // the context takes any text, and trusts nobody then
    return { context: createSecureContext({ ca, ...own }), pin: pin ?? null }
  } catch (error) {
    const { message } = toFault(error)
    throw new CommandError('config', `unable to use the certificates and the key: ${message}`, { cause: error })
  }
}

/**
 * Agrees on TLS over a connected socket, whatever the environment says about it: the certificate has to be valid, of this
 * host, and of the pinned key. `wait` gives the socket when it is secure. Throws 'unavailable'.
 */
export async function startTls(
  socket: Socket,
  host: string,
  { context, pin }: TlsTrust,
  wait: (socket: TLSSocket) => Promise<TLSSocket>,
): Promise<TLSSocket> {
  const name = isIP(host) === 0 ? { servername: host.replace(/\.$/, '') } : {}
  const options = { socket, host, ...name, secureContext: context, rejectUnauthorized: true }
  const secured = await wait(process.getBuiltinModule('node:tls').connect(options))
  const found = pin === null ? null : keyHashOf(secured)
  if (found === pin) return secured
  secured.destroy()
  throw new CommandError('unavailable', `its public key is not the pinned one, but ${found ?? 'none'}`)
}

function keyHashOf(socket: TLSSocket): string | null {
  const key = socket.getPeerX509Certificate()?.publicKey
  if (key === undefined) return null
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}
