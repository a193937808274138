import { errnoOf, reasonOf } from '../errors.ts'

/** What is told of a connection that the other side ended early. */
export const CLOSED = 'the connection was closed'

/** Why a connection, or TLS on it, failed, in an operator's words; of several attempts, the first one's. */
export function connectReasonOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code = errnoOf(first) ?? ''
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'the certificate is for another host'
  // What OpenSSL says is in its `reason`; Node's advice about its own options is not for operators.
  if (code.startsWith('ERR_SSL_') && first instanceof Error && 'reason' in first) return `TLS: ${first.reason}`
  const [reason = ''] = reasonOf(first).split(';')
  return reason
}
