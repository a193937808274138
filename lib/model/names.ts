import { isIPv6 } from 'node:net'

/** The longest label and the longest name without its final dot, in octets (RFC 1035, 2.3.4). */
const LABEL_LIMIT = 63
const NAME_LIMIT = 253

const HOST_LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/
const ANY_LABEL = /^[A-Za-z0-9_-]+$/
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** The name with its final dot. */
export function toAbsolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`
}

/** The name without its final dot, as a Host header wants it. */
export function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}

/**
 * The TLS server name of a Host header: without its port and final dot; undefined where there is none, as for an
 * address (RFC 6066, 3).
 */
export function toServerName(host: string): string | undefined {
  const name = isIpv6(host) ? host : withoutDot(host.replace(/:\d{1,5}$/, ''))
  return isDomainName(name) && !isIpv4(name) ? name : undefined
}

/** What two spellings of one name have in common: absolute, in lower case (RFC 4343). */
export function nameKey(name: string): string {
  return toAbsolute(name).toLowerCase()
}

/**
 * May this own A records? Letters, digits and inner hyphens, at most 63 in a label and 253 in all; the leftmost label
 * may be `*`. What named's `check-names` lets through in a primary zone (formats 8.3, RFC 1123 2.1): no underscore.
 */
export function isHostName(name: string): boolean {
  return hasLabels(name, HOST_LABEL)
}

/** May this be a name in a zone file at all, as a CNAME owner or target? As isHostName, and underscores too. */
export function isDomainName(name: string): boolean {
  return hasLabels(name, ANY_LABEL)
}

function hasLabels(name: string, form: RegExp): boolean {
  const relative = withoutDot(name)
  if (relative.length === 0 || relative.length > NAME_LIMIT) return false
  return relative
    .split('.')
    .every((label, at) => label.length <= LABEL_LIMIT && (form.test(label) || (at === 0 && label === '*')))
}

/** A dotted quad in its one canonical form: no leading zeros, no blanks. */
export function isIpv4(text: string): boolean {
  return IPV4.test(text)
}

/** An IPv6 address without brackets and without a zone (`%eth0`). */
export function isIpv6(text: string): boolean {
  return text.includes(':') && !text.includes('%') && isIPv6(text)
}

/** An address of either family. */
export function isAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text)
}

/**
 * May this IPv4 address be answered (formats 14)? Not 0/8, not multicast (224/4), not reserved or broadcast (240/4).
 * Loopback and private addresses are usable: caches are asked about relays beside them.
 */
export function isUsableIpv4(text: string): boolean {
  if (!isIpv4(text)) return false
  const first = Number(text.slice(0, text.indexOf('.')))
  return first > 0 && first < 224
}

/** May this address of either family be probed and answered? Of IPv6, all but the unspecified one and multicast. */
export function isUsableAddress(text: string): boolean {
  if (!isIpv6(text)) return isUsableIpv4(text)
  const address = addressKey(text)
  return address !== '::' && !address.startsWith('ff')
}

/** What two spellings of one address have in common: IPv6 in its shortest form (RFC 5952), IPv4 as it is. */
export function addressKey(text: string): string {
  return isIpv6(text) ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text
}
