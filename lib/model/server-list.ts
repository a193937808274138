import { isIPv4, isIPv6 } from 'node:net'

/** The port of a server whose entry gives none (B55). */
export const SERVER_PORT = 8180
/** The most servers a list can have: more than a host can ask one after the other in a step. */
export const SERVERS_MOST = 50

/** One server of a list. */
export interface Server {
  readonly host: string
  readonly port: number
  /** Spoken to by TLS only. */
  readonly tls: boolean
}

/** A list of servers, and what is wrong with the entries that are left out. */
export interface ServerList {
  readonly servers: readonly Server[]
  readonly faults: readonly string[]
}

/**
 * Reads `HOST:PORT,HOST` (B55), each with `https://` in front where it is spoken to by TLS: an empty entry, as after a
 * final comma, is none; what is there twice stays so; a wrong entry is left out and named.
 */
export function parseServerList(text: string): ServerList {
  const servers: Server[] = []
  const faults: string[] = []
  for (const word of text.split(',')) {
    const entry = word.trim()
    if (entry === '') continue
    const server = toServer(entry)
    if (typeof server === 'string') faults.push(server)
    else if (servers.length < SERVERS_MOST) servers.push(server)
    else faults.push(`server '${renderServer(server)}' is one more than ${SERVERS_MOST}`)
  }
  return { servers, faults }
}

/** Reads one entry of a list; a string: what is wrong with it, without a login that stands in it. */
export function toServer(entry: string): Server | string {
  const shown = [...entry.replace(/^([^@]*\/\/)?[^@]*@/, '$1***@')].slice(0, 80).join('')
  const wrong = (reason: string) => `server '${shown}' ${reason}`.replaceAll(/\p{Cc}/gu, '?')
  const match = /^(https:\/\/)?(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,6}))?\/?$/.exec(entry)
  if (entry.includes('@')) return wrong('has a login, which no server takes')
  if (match === null || (match[1] === undefined && entry.endsWith('/'))) {
    if (isIPv6(entry)) return wrong('is an IPv6 address without brackets')
    return wrong('is not HOST:PORT')
  }
  const [, scheme, bracketed, host = bracketed ?? '', port = String(SERVER_PORT)] = match
  if (bracketed !== undefined && !isIPv6(bracketed)) return wrong('has no IPv6 address in its brackets')
  if (bracketed === undefined && !isHost(host)) return wrong('has no host name or address')
  if (Number(port) < 1 || Number(port) > 65535) return wrong('has a port that is not from 1 to 65535')
  return { host, port: Number(port), tls: scheme !== undefined }
}

/** A server as its entry is written, always with its port. */
export function renderServer({ host, port, tls }: Server): string {
  return `${tls ? 'https://' : ''}${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A list as it is written. */
export function renderServerList(servers: readonly Server[]): string {
  return servers.map(renderServer).join(',')
}

/**
 * Labels of letters, digits, hyphens and underscores; where the last one is a number it has to be an IPv4 address. isIPv6 is
 * asked only where a colon says so: Node's expression for it takes 10 ms to compile.
 */
function isHost(text: string): boolean {
  if (isIPv4(text)) return true
  const labels = text.replace(/\.$/, '').split('.')
  if (text.length > 253 || /^\d*$/.test(labels.at(-1) ?? '')) return false
  return labels.every(label => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label))
}
