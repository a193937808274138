import type { AddressSet, DomainState } from '../../model/damping-state.ts'
import type { Ranking } from '../../model/ranking.ts'
import type { Decision } from '../table.ts'
import { meanScore, type View, winsOf } from './choose.ts'
import { DAMPING } from './defaults.ts'
import { type Standing, sameAddresses, sameSet } from './standing.ts'
import { fillFrom, setOf, stepOfSet } from './step.ts'
import * as words from './words.ts'

/** One domain in one round: all that the switch rules depend on. */
export interface DomainCase {
  readonly standing: Standing
  /** What the decision table would publish if nothing were published yet. */
  readonly fresh: Decision
  /** The main addresses in the order of choice, then the backups. */
  readonly views: readonly View[]
  readonly publish: number
  readonly sort: boolean
  /** False: its addresses are published as they stand in the configuration (formats 9, case B). */
  readonly measured: boolean
  /** Percent, from `S%P`; null: the default. */
  readonly margin: number | null
  readonly goodTime: number
  /** The backup word allows that nothing is published. */
  readonly mayBeSilent: boolean
  /** The configuration of the domain changed since its set went into force. */
  readonly edited: boolean
  readonly now: number
}

/** What the rules make of a domain. */
export interface Outcome extends Pick<DomainState, 'candidate' | 'faster' | 'better' | 'bad'> {
  readonly set: AddressSet
  readonly cause: Ranking['cause']
  readonly reason: string
  readonly gain: number
}

type Streaks = Pick<Outcome, 'candidate' | 'faster' | 'better' | 'bad'>

const NO_STREAKS: Streaks = { candidate: [], faster: 0, better: 0, bad: {} }

/** Applies the rules of damping 8.2 in turn; the first that has a reason to replace the published set does. Pure. */
export function applyRules(domain: DomainCase): Outcome {
  const { standing, fresh, views } = domain
  const { inForce } = standing
  const wanted = setOf(fresh)
  if (inForce === null) return moved(wanted, 'first', words.first(fresh), NO_STREAKS)
  if (!domain.measured || views.length === 0) {
    return sameSet(wanted, inForce)
      ? kept(domain, inForce, fresh.reason)
      : moved(wanted, 'edited', words.edited(fresh), NO_STREAKS)
  }
  const members = chosenOf(domain, inForce)
  return (
    ruleEdited(domain, inForce, members) ??
    ruleDown(domain, inForce, members) ??
    ruleEmpty(domain, inForce) ??
    confirmed(domain, inForce, members)
  )
}

/** The rules that wait until their reason has lasted for some rounds. */
function confirmed(domain: DomainCase, inForce: AddressSet, members: readonly View[]): Outcome {
  const streaks = streaksOf(domain, inForce, members)
  return (
    ruleBad(domain, inForce, members, streaks) ??
    ruleBetter(domain, inForce, members, streaks) ??
    ruleFaster(domain, inForce, members, streaks) ??
    kept(domain, inForce, domain.fresh.reason, streaks)
  )
}

/** The configuration changed, or a published address stands in no list any more: adapt at once, and no more than needed. */
function ruleEdited(domain: DomainCase, inForce: AddressSet, members: readonly View[]): Outcome | null {
  const gone = inForce.ips.filter(ip => !members.some(view => view.ip === ip))
  const down = members.some(({ ok }) => !ok)
  if (down || (!domain.edited && gone.length === 0)) return null
  const set = fill(domain, members)
  if (sameSet(set, inForce)) return null
  return moved(set, 'edited', words.adapted(gone, set), NO_STREAKS)
}

/** Rule 1: a member is down. Where nothing is up, the set that the end of the ladder names. */
function ruleDown(domain: DomainCase, inForce: AddressSet, members: readonly View[]): Outcome | null {
  const down = members.filter(({ ok }) => !ok)
  if (down.length === 0) return null
  const set = fill(domain, members)
  if (sameSet(set, inForce)) return kept(domain, inForce, domain.fresh.reason)
  const wasDown = down.length === members.length && !down.some(({ fell }) => fell) && !domain.standing.pending
  if (wasDown && domain.views.some(({ ok }) => ok))
    return moved(set, 'recovery', words.recovered(set, 'every published address was down'), NO_STREAKS)
  return moved(set, 'failure', words.isDown(down, set, domain.fresh), NO_STREAKS)
}

/** Nothing is published, though the configuration does not allow that. */
function ruleEmpty({ fresh, mayBeSilent }: DomainCase, inForce: AddressSet): Outcome | null {
  const set = setOf(fresh)
  if (inForce.ips.length > 0 || inForce.cname !== null || mayBeSilent || sameSet(set, inForce)) return null
  return moved(set, 'recovery', words.recovered(set, 'nothing was published'), NO_STREAKS)
}

/** Rule 2: a member has been bad for 3 rounds while there was something good (or what the backup word says). */
function ruleBad(domain: DomainCase, inForce: AddressSet, members: readonly View[], streaks: Streaks): Outcome | null {
  const [worst, rounds] = Object.entries(streaks.bad).reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])
  if (rounds === 0) return null
  const set = fill(domain, members)
  const score = members.find(({ ip }) => ip === worst)?.score ?? 0
  if (rounds < DAMPING.confirmRounds)
    return kept(domain, inForce, words.badSoFar(worst, score, domain.goodTime, rounds), streaks)
  if (sameSet(set, inForce)) return null
  const gain = gainOf(domain, members, set)
  return moved(set, 'voluntary', words.bad(worst, score, domain.goodTime, rounds, set), streaks, gain)
}

/** A better step of the ladder, or more addresses of the same, are to be had again: the way back after a failure. */
function ruleBetter(
  domain: DomainCase,
  inForce: AddressSet,
  members: readonly View[],
  streaks: Streaks,
): Outcome | null {
  if (streaks.better === 0) return null
  const target = returnSet(domain, members)
  const waiting = entrantsOf(domain, target).filter(view => view.waiting > 0)
  const set = { ...target, ips: target.ips.filter(ip => !waiting.some(view => view.ip === ip)) }
  const isStep =
    stepOfSet(chosenOf(domain, set)) < stepOfSet(members) ||
    set.ips.length > inForce.ips.length ||
    isTooMany(domain, inForce, set)
  const isOrder = !domain.sort && waiting.length === 0
  if (streaks.better < DAMPING.confirmRounds || set.ips.length === 0 || !(isStep || isOrder)) {
    return kept(domain, inForce, words.backSoFar(target, streaks.better, waiting[0]), streaks)
  }
  if (!isStep && !isHoldOver(domain))
    return kept(domain, inForce, words.holding(domain.standing.voluntary ?? 0, domain.now), streaks)
  return moved(set, isStep ? 'recovery' : 'voluntary', words.back(set, streaks.better), streaks)
}

/** Rule 3: another set is faster by the margin, for 3 rounds in a row, and the last voluntary switch is 5 min old. */
function ruleFaster(
  domain: DomainCase,
  inForce: AddressSet,
  members: readonly View[],
  streaks: Streaks,
): Outcome | null {
  const wanted = setOf(domain.fresh)
  if (!domain.sort || members.length === 0 || sameSet(wanted, inForce) || wanted.ips.length === 0) return null
  const gain = gainOf(domain, members, wanted)
  const percent = (gain / (meanScore(members) ?? 1)) * 100
  const what = { from: inForce, to: wanted, percent, gain, need: domain.margin ?? DAMPING.marginPercent }
  if (streaks.faster < DAMPING.confirmRounds)
    return kept(domain, inForce, words.fasterSoFar(what, streaks.faster), streaks)
  const leaving = members.filter(({ ip }) => !wanted.ips.includes(ip))
  const entering = entrantsOf(domain, wanted)
  const wins = winsOf(entering.length > 0 ? entering : chosenOf(domain, wanted), leaving, what.need * DAMPING.winMargin)
  if (wins === null || wins < DAMPING.winShare) return kept(domain, inForce, words.notSure(what, wins), streaks)
  if (!isHoldOver(domain))
    return kept(domain, inForce, words.holding(domain.standing.voluntary ?? 0, domain.now), streaks)
  const waiting = entrantsOf(domain, wanted).find(view => view.waiting > 0)
  if (waiting !== undefined) return kept(domain, inForce, words.backSoFar(wanted, streaks.faster, waiting), streaks)
  return moved(wanted, 'voluntary', words.faster(what, streaks.faster), streaks, gain)
}

/** How many rounds in a row each reason to switch has lasted, this one included. */
function streaksOf(domain: DomainCase, inForce: AddressSet, members: readonly View[]): Streaks {
  const { standing, fresh, sort, margin } = domain
  const wanted = setOf(fresh)
  const bad: Record<string, number> = {}
  if (wanted.ips.length === 0 || chosenOf(domain, wanted).every(({ good }) => good)) {
    for (const { ip, good } of members) if (!good) bad[ip] = (standing.bad[ip] ?? 0) + 1
  }
  const step = stepOfSet(members)
  const back = returnSet(domain, members)
  const backStep = stepOfSet(chosenOf(domain, back))
  const isBetter =
    backStep < step ||
    (backStep === step &&
      (back.ips.length > inForce.ips.length || isTooMany(domain, inForce, back) || (!sort && !sameSet(back, inForce))))
  const better = isBetter ? standing.better + 1 : 0
  const gain = gainOf(domain, members, wanted)
  const mean = meanScore(members) ?? 0
  const isFaster = gain >= DAMPING.marginSeconds && gain >= mean * ((margin ?? DAMPING.marginPercent) / 100)
  if (!isFaster || sameSet(wanted, inForce)) return { candidate: [], faster: 0, better, bad }
  const faster = sameAddresses(standing.candidate, wanted.ips) ? standing.faster + 1 : 1
  return { candidate: wanted.ips, faster, better, bad }
}

/** Where a domain returns to: its members, filled up; without sorting, what its own order says. */
function returnSet(domain: DomainCase, members: readonly View[]): AddressSet {
  return domain.sort ? fill(domain, members) : setOf(domain.fresh)
}

function fill({ fresh, views, publish }: DomainCase, members: readonly View[]): AddressSet {
  return fillFrom(fresh, views, members, publish)
}

/** Seconds that a set is faster than the members, on average; 0 where it is not, or is none. */
function gainOf(domain: DomainCase, members: readonly View[], set: AddressSet): number {
  const after = meanScore(chosenOf(domain, set))
  const before = meanScore(members)
  return after === null || before === null ? 0 : Math.max(0, before - after)
}

/** The views of a set, one an address: where it stands in both lists, the main one. */
function chosenOf({ views }: DomainCase, { ips }: AddressSet): readonly View[] {
  return ips.map(ip => views.find(view => view.ip === ip)).filter(view => view !== undefined)
}

function entrantsOf(domain: DomainCase, set: AddressSet): readonly View[] {
  return chosenOf(domain, set).filter(({ member }) => !member)
}

/** All were published as a last resort, and they answer again: back to as many as are configured. */
function isTooMany({ publish }: DomainCase, inForce: AddressSet, back: AddressSet): boolean {
  return inForce.ips.length > publish && back.ips.length < inForce.ips.length
}

function isHoldOver({ standing, now }: DomainCase): boolean {
  return standing.voluntary === null || now - standing.voluntary >= DAMPING.hold
}

function kept({ fresh }: DomainCase, set: AddressSet, reason: string, streaks = NO_STREAKS): Outcome {
  const cause = sameSet(setOf(fresh), set) ? 'same' : 'held'
  return { set, cause, reason: `kept: ${reason}`, gain: 0, ...streaks }
}

function moved(set: AddressSet, cause: Ranking['cause'], reason: string, streaks: Streaks, gain = 0): Outcome {
  return { set, cause, reason, gain: Math.round(gain * 1e6) / 1e6, ...streaks }
}
