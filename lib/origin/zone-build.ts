import type { ZoneBlock, ZoneLine } from '../model/anyhost.ts'
import { isIpv6 } from '../model/names.ts'
import type { Ranking } from '../model/ranking.ts'

/** The blocks of the zone, one a ranking that has a line, in configuration order (formats 10.1). Pure. */
export function toBlocks(rankings: readonly Ranking[]): ZoneBlock[] {
  return rankings.map(toBlock).filter(({ lines }) => lines.length > 0)
}

function toBlock({ domain, cname, addresses }: Ranking): ZoneBlock {
  const lines: ZoneLine[] = addresses.map(({ ip, kind, status, active, time, code, slow }) => ({
    rr: isIpv6(ip) ? 'AAAA' : 'A',
    active,
    address: ip,
    measure: { time: time ?? 0, kind, status, code, slow },
  }))
  return { owner: domain, lines: cname === null ? lines : [{ rr: 'CNAME', active: true, target: cname }, ...lines] }
}
