import type { AddressSet, DampingState, DomainState, UnitState } from '../../model/damping-state.ts'
import type { Ranking } from '../../model/ranking.ts'
import type { Target } from '../../model/target.ts'
import { listsOf } from '../candidates.ts'
import type { ProbesByIp, RankInput } from '../rank-round.ts'
import type { Decision } from '../table.ts'
import { decide } from '../table-default.ts'
import { meaningOf } from '../table-lines.ts'
import type { Verdict } from './blind.ts'
import type { View } from './choose.ts'
import { configHash } from './config-hash.ts'
import { DAMPING } from './defaults.ts'
import type { DampingOptions } from './options.ts'
import { type Standing, sameSet, standingOf } from './standing.ts'
import { caseOf, linesWith, setOf } from './step.ts'
import { applyRules, type Outcome } from './switch.ts'
import { unitKeyOf, viewsOf } from './views.ts'

/** One domain of a round, and the round it belongs to. */
export interface DomainRound {
  readonly target: Target
  readonly input: RankInput
  readonly state: DampingState
  /** The units after this round. */
  readonly units: ReadonlyMap<string, UnitState>
  readonly verdict: Verdict
  readonly options: DampingOptions
  /** Its number. */
  readonly round: number
  /** Seconds since the epoch. */
  readonly now: number
}

/** One domain, ranked. */
export interface RankedDomain {
  readonly ranking: Ranking
  /** What is remembered of it; null: nothing, as the round was held and it is new. */
  readonly next: DomainState | null
  /** A hash of its configuration. */
  readonly config: string
}

interface Judged {
  readonly standing: Standing
  readonly views: readonly View[]
  readonly fresh: Decision
  readonly measured: boolean
  readonly lastGood: Pick<DomainState, 'verified' | 'verified_at'>
}

const NO_PROBES: ProbesByIp = new Map()
const NOTHING: AddressSet = { ips: [], cname: null }

/** Ranks one domain: what is in force, what the table would publish, which of the two stays or comes. Pure. */
export function rankDomain(domain: DomainRound): RankedDomain {
  const { target, state, verdict } = domain
  const before = state.domains.get(target.domain)
  const config = configHash(target)
  const judged = judge(domain, before)
  const isEdited = before !== undefined && before.config !== config
  const outcome =
    verdict.held === null ? outcomeOf(domain, judged, isEdited) : heldOutcome(judged, target, verdict.held)
  const ranking = toRanking(target, judged, outcome)
  if (verdict.held !== null) {
    const next = before === undefined ? null : { ...before, seen: domain.now, reason: outcome.reason }
    return { ranking, next, config }
  }
  // An edit that the write guard refused is still one in the next round.
  const isPending = outcome.cause === 'edited' && domain.input.installed !== null
  return { ranking, next: nextState(domain, judged, outcome, isPending ? (before?.config ?? config) : config), config }
}

function judge(domain: DomainRound, before: DomainState | undefined): Judged {
  const { target, input, units, options, round, now } = domain
  const standing = standingOf(before, installedSet(input, target.domain, before), round, now)
  const probes = input.probes.get(target.domain) ?? NO_PROBES
  const published = standing.inForce === null ? undefined : { ...standing.inForce, down: [] }
  const lists = listsOf(target, probes, published)
  const { main, backup } = viewsOf({ target, lists, probes, units, before, standing, options, now })
  const lastGood = lastGoodOf(before, standing, now)
  const { publish, backup_word: backupWord } = target
  const known = lastGood.verified_at === null ? null : lastGood.verified
  const fresh = decide({ detect: lists.detect, publish, backupWord, main, backup, lastGood: known })
  return { standing, views: [...main, ...backup], fresh, measured: lists.detect, lastGood }
}

/** What the zone file has for a domain; null: nothing yet; undefined: no file is known. */
function installedSet(
  { installed }: RankInput,
  domain: string,
  before: DomainState | undefined,
): AddressSet | null | undefined {
  if (installed === null) return undefined
  const set = installed.get(domain.toLowerCase())
  if (set !== undefined) return { ips: [...set.ips], cname: set.cname }
  // A domain that publishes nothing, as decided, need not stand in the file.
  return before !== undefined && sameSet(before.decided, NOTHING) ? NOTHING : null
}

/** The last verified set while it is young enough; where there is no memory, what is in force is taken for good. */
function lastGoodOf(before: DomainState | undefined, { inForce }: Standing, now: number): Judged['lastGood'] {
  if (before === undefined) {
    const ips = inForce?.ips ?? []
    return { verified: ips, verified_at: ips.length > 0 ? now : null }
  }
  const { verified, verified_at } = before
  const isYoung = verified_at !== null && now - verified_at < DAMPING.lastGood
  return isYoung ? { verified, verified_at } : { verified: [], verified_at: null }
}

function outcomeOf({ target, now }: DomainRound, judged: Judged, edited: boolean): Outcome {
  const { standing, fresh, views, measured } = judged
  const { inForce } = standing
  if (!measured && target.detect && inForce?.ips.some(ip => views.some(view => view.ip === ip))) {
    return keeping(inForce, views, { ...standing, cause: 'same', reason: 'kept: not measured in this round' })
  }
  return applyRules({
    standing,
    fresh,
    views,
    measured,
    publish: Math.max(1, target.publish),
    sort: target.sort,
    margin: target.margin,
    goodTime: target.good_time,
    mayBeSilent: mayBeSilent(target),
    edited,
    now,
  })
}

/** In a held round: the published set, as far as it is still configured; for a domain without one, what the table says. */
function heldOutcome({ standing, fresh, views }: Judged, target: Target, held: string): Outcome {
  const reason = `held: ${held}`
  if (standing.inForce === null) return { ...standing, set: setOf(fresh), cause: 'first', reason, gain: 0 }
  const outcome = keeping(standing.inForce, views, { ...standing, cause: 'held', reason })
  const isEmpty = outcome.set.ips.length === 0 && outcome.set.cname === null && !mayBeSilent(target)
  return isEmpty ? { ...outcome, set: setOf(fresh), cause: 'edited' } : outcome
}

function keeping(inForce: AddressSet, views: readonly View[], rest: Omit<Outcome, 'set' | 'gain'>): Outcome {
  const set = { ...inForce, ips: inForce.ips.filter(ip => views.some(view => view.ip === ip)) }
  const { candidate, faster, better, bad, cause, reason } = rest
  return { set, cause: sameSet(set, inForce) ? cause : 'edited', reason, gain: 0, candidate, faster, better, bad }
}

function mayBeSilent({ backup_word, backup }: Target): boolean {
  return backup.length === 0 && meaningOf(backup_word) === 'nothing'
}

function toRanking({ domain, backup }: Target, { standing, fresh, views }: Judged, outcome: Outcome): Ranking {
  const { set, reason, gain } = outcome
  const changed = !sameSet(set, standing.inForce ?? NOTHING)
  const cause = changed || outcome.cause === 'held' ? outcome.cause : 'same'
  const rest = { reason, cause, gain, changed }
  if (sameSet(set, setOf(fresh))) {
    const { case: name, cname, addresses, silent } = fresh
    return { type: 'ranking', domain, case: name, cname, addresses: [...addresses], silent, ...rest }
  }
  const members = views.filter(({ ip }) => set.ips.includes(ip))
  const silent = set.ips.length === 0 && set.cname === null
  const name = caseOf(members, set, backup.length > 0)
  return { type: 'ranking', domain, case: name, cname: set.cname, addresses: linesWith(fresh, set), silent, ...rest }
}

function nextState(domain: DomainRound, judged: Judged, outcome: Outcome, config: string): DomainState {
  const { target, input, state, options, now } = domain
  const { standing, views, lastGood } = judged
  const before = state.domains.get(target.domain)
  const { set, cause, reason, candidate, faster, better, bad } = outcome
  const members = views.filter(({ ip }) => set.ips.includes(ip))
  const isVerified = members.length > 0 && members.every(({ ok, answered }) => ok && answered)
  const source = { probes: input.probes.get(target.domain) ?? NO_PROBES, before, units: domain.units }
  const units: string[] = []
  for (const { ip } of views) {
    const unit = unitKeyOf(source, ip)
    if (unit !== undefined && !units.includes(unit)) units.push(unit)
  }
  return {
    type: 'domain-state',
    domain: target.domain,
    seen: now,
    config,
    published: standing.inForce,
    since: standing.since,
    decided: set,
    decided_at: now,
    cause,
    reason,
    voluntary: standing.voluntary,
    candidate,
    faster,
    better,
    bad,
    good: views.filter(({ good }) => good).map(({ ip }) => ip),
    ...(isVerified ? { verified: set.ips, verified_at: now } : lastGood),
    left: standing.left,
    units,
    timeout: target.timeout ?? options.timeout,
    good_time: target.good_time,
  }
}
