import type { ZoneBlock } from '../../../lib/model/anyhost.ts'
import type { Ranking } from '../../../lib/model/ranking.ts'
import type { Round } from '../../../lib/model/round.ts'
import { toBlocks } from '../../../lib/origin/zone-build.ts'

/** `+IP` published, `-IP` a comment, `!IP` published although down, `xIP` down and a comment, `@NAME` a CNAME. */
export function ranking(domain: string, words: string, more: Partial<Ranking> = {}): Ranking {
  const list = words.split(' ').filter(word => word !== '')
  const cname = list.find(word => word.startsWith('@'))?.slice(1) ?? null
  const addresses = list
    .filter(word => !word.startsWith('@'))
    .map(word => {
      const mark = word[0]
      const active = mark === '+' || mark === '!'
      const down = mark === 'x' || mark === '!'
      const status = down ? 'ip_down' : active ? 'ip_work' : 'ip_good'
      return {
        ip: word.slice(1),
        kind: 'ip',
        status,
        active,
        time: down ? null : 0.2,
        code: '200',
        slow: false,
      } as const
    })
  const rest = { silent: false, reason: 'as tested', cause: 'same', gain: 0, changed: false, case: 'C' } as const
  return { type: 'ranking', domain, cname, addresses, ...rest, ...more }
}

/** So many domains `d1.com.` … with the same addresses. */
export function rankings(count: number, words: string, more: Partial<Ranking> = {}, from = 1): Ranking[] {
  return Array.from({ length: count }, (_, i) =>
    ranking(`d${i + from}.com.`, words.replaceAll('%', `${i + from}`), more),
  )
}

/** Their blocks, as they would be installed. */
export function blocksOf(list: readonly Ranking[]): ZoneBlock[] {
  return toBlocks(list)
}

/** The closing record of a round in which nothing failed. */
export function closing(domains: number, more: Partial<Round> = {}): Round {
  return {
    type: 'round',
    by: 'rank-ips',
    time: '2026-11-22T02:00:00.000Z',
    domains,
    units: 10,
    ok: 10,
    suspect: 0,
    seconds: 1,
    bytes: 1,
    blind: false,
    blind_reason: null,
    up_before: 0,
    newly_down: 0,
    mass_rounds: 0,
    confirmed: false,
    config_changed: false,
    ...more,
  }
}
