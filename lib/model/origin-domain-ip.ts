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
import { ADDRESS_LIMIT } from './domain-conf-ips.ts'
import { isDomainName, isIpv4, isUsableIpv4, nameKey } from './names.ts'
import type { Target } from './target.ts'

/** One line for a host: what one origin name resolved to. */
export interface Resolved {
  readonly ips: readonly string[]
  /** Consecutive runs in which all resolvers failed. */
  readonly failures: number
}

/** What the DNS refresher wrote. */
export interface OriginDomainIp {
  /** By nameKey(host); the lines of a host in their order. A host without a usable address is not in it. */
  readonly hosts: ReadonlyMap<string, readonly Resolved[]>
  readonly faults: readonly ConfFault[]
}

/** Reads origin_domain_ip: `host origin-name ip[:ip…] failures` (formats 3); several lines of a host belong together. */
export function parseOriginDomainIp(input: ConfInput, file: string | null): OriginDomainIp {
  const hosts = new Map<string, Resolved[]>()
  const faults: ConfFault[] = []
  for (const { line, text } of toConfLines(input)) {
    const remarks = new Remarks()
    const read = parseLine(text, remarks)
    for (const remark of remarks.list) faults.push({ file, line, ...remark })
    if (read === undefined || remarks.failed || read.ips.length === 0) continue
    const known = hosts.get(read.host)
    if (known === undefined) hosts.set(read.host, [read])
    else known.push(read)
  }
  return { hosts, faults }
}

function parseLine(text: string | undefined, remarks: Remarks): (Resolved & { readonly host: string }) | undefined {
  if (text === undefined || isTooLong(text)) return void remarks.error(TOO_LONG)
  const content = contentOf(text)
  if (content === undefined) return undefined
  const [host = '', , list, failures, ...rest] = fieldsOf(content)
  if (list === undefined || failures === undefined) {
    return void remarks.error('has fewer than 4 fields (host origin-name ip[:ip...] failures)')
  }
  if (!isDomainName(host)) remarks.error(`field 1 (host) is not a domain name: ${quote(host)}`)
  const items = list.split(/[:|]/).filter(item => item !== '')
  for (const item of items) {
    if (!isIpv4(item)) remarks.error(`field 3 (ip) is not an IPv4 address: ${quote(item)}`)
  }
  if (!/^\d{1,9}$/.test(failures)) remarks.error(`field 4 (failures) is not a count: ${quote(failures)}`)
  if (rest.length > 0) remarks.warning('what follows field 4 (failures) is ignored')
  // 0.0.0.0 and 255.255.255.255, "no address known", are no usable addresses.
  return { host: nameKey(host), ips: [...new Set(items.filter(isUsableIpv4))], failures: Number(failures) }
}

/**
 * Gives the targets with column 16 = Y their resolved addresses (formats 3). Not resolved: column 13 stays in force.
 * More failures than column 18 allows: the last known addresses stay in `dns` and `dns_failures` says so, upon which
 * the published set is kept. A target that has no address of any kind after that is left out, with an error.
 */
export function applyOriginDomainIp(
  targets: readonly Target[],
  hosts: OriginDomainIp['hosts'],
): { readonly targets: readonly Target[]; readonly faults: readonly ConfFault[] } {
  const kept: Target[] = []
  const faults: ConfFault[] = []
  for (const target of targets) {
    const resolved = target.use_dns ? resolve(target, hosts.get(nameKey(target.domain))) : target
    const { file, line } = target
    if (!target.use_dns || resolved.ip.length + resolved.backup.length + resolved.dns.length > 0) kept.push(resolved)
    else faults.push({ file, line: line ?? 0, severity: 'error', reason: 'no address: none configured, none resolved' })
  }
  return { targets: kept, faults }
}

/** The freshest line decides how many failures there were; lines within column 18 go before those beyond it. */
function resolve(target: Target, lines: readonly Resolved[] | undefined): Target {
  if (lines === undefined) return target
  const fresh = lines.filter(({ failures }) => failures <= target.dns_reuse)
  const ips = new Set((fresh.length > 0 ? fresh : lines).flatMap(line => line.ips))
  return {
    ...target,
    dns: [...ips].slice(0, ADDRESS_LIMIT),
    dns_failures: Math.min(...lines.map(({ failures }) => failures)),
  }
}
