import type { ZoneBlock, ZoneLine } from '../model/anyhost.ts'
import { isAddress, isDomainName, isHostName, isUsableAddress, nameKey } from '../model/names.ts'
import type { Ranking } from '../model/ranking.ts'

/** named refuses a zone with more records than this of one owner and type. */
const RECORDS_MOST = 100

/** Why the zone must not be published, and whose fault it is. */
export interface LintFault {
  readonly owner: string
  readonly reason: string
}

/**
 * What would make named refuse the whole file (formats 8.3), or would break the readers of it: names, addresses, CNAMEs
 * beside other records, too many records, an owner in two places, and `wild.` without an address where CNAMEs point to
 * it. Pure.
 */
export function lintBlocks(blocks: readonly ZoneBlock[]): LintFault[] {
  const faults: LintFault[] = []
  const seen = new Set<string>()
  for (const { owner, lines } of blocks) {
    const key = nameKey(owner)
    if (seen.has(key)) faults.push({ owner, reason: 'stands in two places' })
    seen.add(key)
    for (const reason of blockFaults(owner, lines)) faults.push({ owner, reason })
  }
  const pointed = blocks.find(({ lines }) => lines.some(line => line.rr === 'CNAME' && nameKey(line.target) === WILD))
  if (pointed !== undefined && !blocks.some(block => nameKey(block.owner) === WILD && hasAddress(block))) {
    faults.push({ owner: WILD, reason: `has no active address, and ${pointed.owner} points to it` })
  }
  return faults
}

/** Domains that would have no active record although their configuration does not allow it (damping 8.3). Pure. */
export function lintSilence(rankings: readonly Ranking[], blocks: readonly ZoneBlock[]): LintFault[] {
  const answered = new Set(
    blocks.filter(block => block.lines.some(line => line.active)).map(({ owner }) => nameKey(owner)),
  )
  return rankings
    .filter(({ domain, silent }) => !answered.has(nameKey(domain)) && (!silent || nameKey(domain) === WILD))
    .map(({ domain }) => ({ owner: domain, reason: 'has no active record' }))
}

/** What the form of version 3.3 cannot express. Pure. */
export function lintLegacy(blocks: readonly ZoneBlock[]): LintFault[] {
  return blocks
    .filter(({ lines }) => lines.some(line => line.rr === 'AAAA'))
    .map(({ owner }) => ({ owner, reason: 'has an IPv6 address, which version 3.3 cannot write' }))
}

const WILD = 'wild.'

function blockFaults(owner: string, lines: readonly ZoneLine[]): string[] {
  const faults: string[] = []
  const cnames = lines.filter(line => line.rr === 'CNAME')
  const active = lines.filter(line => line.rr !== 'CNAME' && line.active)
  if (!isDomainName(owner)) faults.push('is no domain name')
  else if (active.length > 0 && !isHostName(owner)) faults.push('is no legal host name')
  if (cnames.length > 1) faults.push(`has ${cnames.length} CNAMEs`)
  if (cnames.length > 0 && active.length > 0) faults.push('has a CNAME and an address')
  if (cnames.length > 0 && nameKey(owner) === NAME_SERVER) faults.push('is the name server of the zone itself')
  for (const rr of ['A', 'AAAA'] as const) {
    const count = active.filter(line => line.rr === rr).length
    if (count > RECORDS_MOST) faults.push(`has ${count} active ${rr} records, more than ${RECORDS_MOST}`)
  }
  for (const line of lines) {
    const fault = lineFault(line)
    if (fault !== undefined) faults.push(fault)
  }
  return faults
}

function lineFault(line: ZoneLine): string | undefined {
  if (line.rr === 'CNAME') return isDomainName(line.target) ? undefined : `points to '${line.target}', which is no name`
  if (!isAddress(line.address)) return `'${line.address}' is no address`
  return !line.active || isUsableAddress(line.address) ? undefined : `${line.address} is no usable unicast address`
}

function hasAddress({ lines }: ZoneBlock): boolean {
  return lines.some(line => line.rr !== 'CNAME' && line.active)
}

/** The header of the file has its address. */
const NAME_SERVER = 'ns1.'
