import {
  type ConfFault,
  type ConfInput,
  contentOf,
  fieldsOf,
  isTooLong,
  quote,
  Remarks,
  TOO_LONG,
  toConfLines,
} from './conf-lines.ts'
import { ADDRESS_LIMIT, takeAddresses } from './domain-conf-ips.ts'
import { isRequestHost, isRequestText } from './domain-conf-method.ts'
import { isDomainName, isIpv4, nameKey } from './names.ts'
import type { Target } from './target.ts'

/** One domain that is probed with a URL of its own. */
export interface AuthDomain {
  readonly file: string | null
  readonly line: number
  readonly domain: string
  /** The Host header. */
  readonly host: string
  readonly path: string
  readonly ips: readonly string[]
}

/** Reads auth_domain.conf: `domain reqhost/path ip[|ip…]`, exactly three fields (formats 5). */
export function parseAuthDomain(
  input: ConfInput,
  file: string | null,
): { readonly domains: readonly AuthDomain[]; readonly faults: readonly ConfFault[] } {
  const domains = new Map<string, AuthDomain>()
  const faults: ConfFault[] = []
  for (const { line, text } of toConfLines(input)) {
    const remarks = new Remarks()
    const read = parseLine(text, remarks)
    const before = read && domains.get(nameKey(read.domain))
    if (before !== undefined) remarks.error(`domain ${quote(before.domain)} is already on line ${before.line}`)
    if (read !== undefined && !remarks.failed) domains.set(nameKey(read.domain), { file, line, ...read })
    for (const remark of remarks.list) faults.push({ file, line, ...remark })
  }
  return { domains: [...domains.values()], faults }
}

function parseLine(text: string | undefined, remarks: Remarks): Omit<AuthDomain, 'file' | 'line'> | undefined {
  if (text === undefined || isTooLong(text)) return void remarks.error(TOO_LONG)
  const content = contentOf(text)
  if (content === undefined) return undefined
  const fields = fieldsOf(content)
  const [domain = '', url = '', list = ''] = fields
  if (fields.length !== 3) return void remarks.error(`has ${fields.length} fields, not 3 (domain url ip|ip...)`)
  if (!isDomainName(domain)) remarks.error(`field 1 (domain) is not a domain name: ${quote(domain)}`)
  const slash = url.indexOf('/')
  const host = slash < 0 ? url : url.slice(0, slash)
  const path = slash < 0 ? '/' : url.slice(slash)
  if (!isRequestHost(host)) remarks.error(`field 2 (url) does not begin with a host (no scheme): ${quote(url)}`)
  if (!isRequestText(path)) remarks.error(`field 2 (url) is not printable ASCII: ${quote(url)}`)
  const items = list.split('|').filter(item => item !== '')
  for (const item of items) {
    if (!isIpv4(item)) remarks.error(`field 3 (ip) is not an IPv4 address: ${quote(item)}`)
  }
  const ips = takeAddresses(items.filter(isIpv4), 'field 3 (ip)', ADDRESS_LIMIT, remarks)
  if (ips.length === 0 && !remarks.failed) remarks.error('field 3 (ip) has no usable address')
  return { domain, host, path, ips }
}

/**
 * Puts these lists and URLs in place of columns 10, 11 and 13 of the targets (formats 5): one GET on port 80, no Referer
 * probe, no resolved addresses. The thresholds and the word of column 10 stay. A domain that no target has is a warning.
 */
export function applyAuthDomain(
  targets: readonly Target[],
  domains: readonly AuthDomain[],
): { readonly targets: readonly Target[]; readonly faults: readonly ConfFault[] } {
  const left = new Map(domains.map(domain => [nameKey(domain.domain), domain]))
  const applied = targets.map(target => {
    const own = left.get(nameKey(target.domain))
    left.delete(nameKey(target.domain))
    return own === undefined ? target : replace(target, own)
  })
  const faults = [...left.values()].map(
    ({ file, line, domain }): ConfFault => ({
      file,
      line,
      severity: 'warning',
      reason: `domain ${quote(domain)} is not configured, ignored`,
    }),
  )
  return { targets: applied, faults }
}

function replace(target: Target, { host, path, ips }: AuthDomain): Target {
  return {
    ...target,
    request: { verb: 'GET', host, path, body_file: null, body_type: null },
    referer_request: null,
    referer_weight: 0,
    port: 80,
    scheme: 'http',
    use_dns: false,
    dns_failures: null,
    ip: [...ips],
    backup: [],
    dns: [],
  }
}
