import { isIP } from 'node:net'
import pkg from '../../package.json' with { type: 'json' }
import type { HostHeader } from '../model/detectorig-conf.ts'
import type { Request } from '../model/target.ts'

/** The most a POST body may be, in bytes (formats, 2.4). */
export const BODY_MOST = 4096000

/** One request of a unit, still without its bytes. */
export interface Asked {
  readonly request: Request
  /** The Referer header: column 1, for column 14's request only (formats, 7.1); null: none. */
  readonly referer: string | null
  readonly headers: readonly HostHeader[]
}

/**
 * The request as it is sent (formats, 7.1). Throws an Error when a part of it would break the message apart: a blank or
 * a control character in host or path, a line end in a header.
 */
export function renderRequest({ request, referer, headers }: Asked, body: Uint8Array | undefined): Uint8Array {
  const fields = new Map<string, readonly [string, string]>()
  const set = (name: string, value: string) => fields.set(name.toLowerCase(), [name, value])
  set('Host', isIP(request.host) === 6 ? `[${request.host}]` : request.host)
  set('User-Agent', `fleetutils/${pkg.version}`)
  set('Accept', '*/*')
  if (referer !== null) set('Referer', referer)
  if (body !== undefined) {
    set('Content-Type', request.body_type ?? 'text/plain')
    set('Content-Length', String(body.length))
  }
  for (const { name, value } of headers) set(name, value)
  set('Connection', 'close')
  if (!/^\/[^\s\x00-\x20\x7f]*$/.test(request.path)) throw new Error(`the path '${request.path}' cannot be requested`)
  const lines = [`${request.verb} ${request.path} HTTP/1.1`]
  for (const [name, value] of fields.values()) {
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(name + value)) throw new Error(`the header ${name} has a control character`)
    lines.push(`${name}: ${value}`)
  }
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
  return body === undefined ? head : Buffer.concat([head, body])
}
