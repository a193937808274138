import type { Round } from '../model/round.ts'
import type { RankInput, RankProbe } from './rank-round.ts'

/** Why a cut input is judged like blindness: no zone must come of half a round. */
const CUT_SHORT = 'the input ended without a round record'

/** Whether a round is to be judged as blind, and why: as probe-ips says, and where its closing record never came. */
export function blindnessOf({ round }: RankInput): Pick<Round, 'blind' | 'blind_reason'> {
  return round ?? { blind: true, blind_reason: CUT_SHORT }
}

/**
 * The closing record of a ranked round: the numbers of probe-ips, and of the units behind the published addresses how
 * many fail now. Where the round of probe-ips is missing, what was seen, and blind. `now` in seconds since the epoch.
 */
export function closingRound(input: RankInput, domains: number, now: number, counts = fallen(input)): Round {
  return {
    ...(input.round ?? cutRound(input)),
    by: 'rank-ips',
    time: new Date(now * 1000).toISOString(),
    domains,
    ...counts,
    mass_rounds: 0,
    confirmed: false,
    config_changed: false,
  }
}

/** What can be said of a round whose closing record never came. */
function cutRound(input: RankInput) {
  const units = new Map<string, RankProbe>()
  for (const ofDomain of input.probes.values()) for (const probe of ofDomain.values()) units.set(probe.unit, probe)
  const seen = [...units.values()]
  return {
    type: 'round' as const,
    by: 'rank-ips' as const,
    time: '',
    domains: 0,
    units: seen.length,
    ok: seen.filter(probe => probe.ok).length,
    suspect: seen.filter(probe => probe.suspect).length,
    seconds: 0,
    bytes: seen.reduce((sum, probe) => sum + probe.bytes, 0),
    ...blindnessOf(input),
  }
}

/** Units behind the addresses that are published as answering, and how many of these fail now (damping 8.3). */
function fallen({ targets, probes, installed }: RankInput): Pick<Round, 'up_before' | 'newly_down'> {
  const before = new Set<string>()
  const down = new Set<string>()
  for (const { domain } of targets) {
    const published = installed?.get(domain.toLowerCase())
    for (const ip of published?.ips ?? []) {
      const probe = probes.get(domain)?.get(ip)
      if (probe === undefined || probe.source === 'nodetect' || published?.down.includes(ip)) continue
      before.add(probe.unit)
      if (!probe.ok) down.add(probe.unit)
    }
  }
  return { up_before: before.size, newly_down: down.size }
}
