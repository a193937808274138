import type { Ranking } from '../model/ranking.ts'
import type { Target } from '../model/target.ts'
import { legacyTableInputOf, tableInputOf } from './candidates.ts'
import { closingRound } from './closing-round.ts'
import type { ProbesByIp, PublishedSet, RankInput, RankRound } from './rank-round.ts'
import { changeOf, type SetChange } from './set-change.ts'
import type { Decision } from './table.ts'
import { decide } from './table-default.ts'
import { decideLegacy } from './table-legacy.ts'
import { decision, unmeasuredLine } from './table-lines.ts'

const NO_PROBES: ProbesByIp = new Map()

/** Ranks by the numbers of this round alone: the corrected table, or with `compat` that of version 3.3. */
export const rankStateless: RankRound<null> = (input, state, { compat }, now) => {
  const rankings = input.targets.map(target => rankTarget(target, input, compat))
  return { rankings, round: closingRound(input, rankings.length, now), state, alerts: [] }
}

function rankTarget(target: Target, { probes, installed }: RankInput, compat: boolean): Ranking {
  const ofTarget = probes.get(target.domain) ?? NO_PROBES
  const before = installed === null ? null : installed.get(target.domain.toLowerCase())
  const decision = compat
    ? decideLegacy(legacyTableInputOf(target, ofTarget))
    : decideDefault(target, ofTarget, before ?? undefined)
  return toRanking(target.domain, decision, changeOf(before, decision))
}

/** A round that passes a domain over (columns 20 and 21) is no reason to change what is published. */
function decideDefault(target: Target, probes: ProbesByIp, published: PublishedSet | undefined): Decision {
  const input = tableInputOf(target, probes, published)
  if (input.detect || !target.detect || published === undefined) return decide(input)
  const all = [...input.main, ...input.backup]
  const isConfigured = published.cname === null || published.cname === target.backup_word
  if (!isConfigured || (published.cname === null && !all.some(({ ip }) => published.ips.includes(ip)))) {
    return decide(input)
  }
  const kept = new Set(published.ips)
  // delete() is true once: an address may stand in both lists, and is published once.
  const addresses = all.map(({ ip, kind }) => unmeasuredLine(ip, kind, kept.delete(ip)))
  return decision('B', false, 'not measured in this round; what is published stays', addresses, published.cname)
}

/** A decision and what it changes, as the record that leaves. */
export function toRanking(domain: string, decision: Decision, change: SetChange): Ranking {
  const { case: name, cname, addresses, silent, reason } = decision
  return { type: 'ranking', domain, case: name, cname, addresses: [...addresses], silent, reason, ...change }
}
