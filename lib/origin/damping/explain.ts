import type { DampingState, DomainState, UnitState } from '../../model/damping-state.ts'
import type { ScoreRule } from '../rank-round.ts'
import type { PlainTable } from '../why.ts'
import { DAMPING } from './defaults.ts'
import { failbackLeft } from './health.ts'
import { isGood, scoreOf } from './score.ts'
import { isFlapping } from './standing.ts'
import { nameOf } from './words.ts'

const COLUMNS: PlainTable['columns'] = [
  { head: 'ADDRESS' },
  { head: 'PUBLISHED' },
  { head: 'HEALTH' },
  { head: 'LAST RESULTS' },
  { head: 'SCORE', right: true },
  { head: 'CLASS' },
  { head: 'NEXT' },
]

/** What the state knows of a domain, for people: its addresses, and how far each reason to switch has come. Pure. */
export interface StateExplanation {
  readonly table: PlainTable
  readonly tail: readonly string[]
}

/** Explains one domain by the state after a round; null where it does not know the domain. */
export function explainDomain(
  state: DampingState,
  domain: string,
  score: ScoreRule,
  now: number,
): StateExplanation | null {
  const known = state.domains.get(domain)
  if (known === undefined) return null
  const rows = known.units.flatMap(key => {
    const unit = state.units.get(key)
    return unit === undefined ? [] : [addressRow(known, unit, score, now)]
  })
  return { table: { columns: COLUMNS, rows }, tail: tailOf(known, now) }
}

function addressRow(domain: DomainState, unit: UnitState, rule: ScoreRule, now: number): readonly string[] {
  const { ip } = unit
  const score = scoreOf(unit, rule, domain.timeout)
  const isClassGood = isGood(score, domain.good_time, domain.good.includes(ip))
  return [
    ip,
    domain.decided.ips.includes(ip) ? 'yes' : 'no',
    `${unit.up ? 'up' : 'down'} for ${agoOf(now - unit.since)}`,
    unit.results.map(result => (result === null ? 'failed' : result === true ? 'ok' : result.toFixed(3))).join(' '),
    score === null ? '-' : score.toFixed(3),
    unit.up ? (isClassGood ? 'good' : 'bad') : 'down',
    [nextOf(unit, now), ...(isFlapping(domain.left, ip) ? ['flapping'] : [])].join('; '),
  ]
}

function nextOf(unit: UnitState, now: number): string {
  if (!unit.up) return `up after ${DAMPING.rise} successes in a row, ${Math.max(0, unit.streak)} so far`
  const waiting = failbackLeft(unit, now)
  if (waiting > 0) return `was down, stays away for ${Math.ceil(waiting)} s more unless published`
  const failures = unit.results.filter(result => result === null).length
  return `down after ${DAMPING.fall} failures of ${DAMPING.results}, ${failures} so far`
}

function tailOf(domain: DomainState, now: number): readonly string[] {
  const { published, since, voluntary, candidate, faster, better, bad, verified, verified_at } = domain
  const rounds = `of ${DAMPING.confirmRounds} rounds`
  return [
    `in force: ${published === null ? 'nothing known' : `${nameOf(published)}, for ${agoOf(now - since)}`}`,
    ...(voluntary === null
      ? []
      : [`last voluntary switch: ${agoOf(now - voluntary)} ago, the next after ${DAMPING.hold} s`]),
    ...(faster === 0 ? [] : [`faster: ${candidate.join(', ')}, ${faster} ${rounds}`]),
    ...(better === 0 ? [] : [`a better set is to be had: ${better} ${rounds}`]),
    ...Object.entries(bad).map(([ip, count]) => `bad: ${ip}, ${count} ${rounds}`),
    ...(verified_at === null ? [] : [`last verified good: ${verified.join(', ')}, ${agoOf(now - verified_at)} ago`]),
  ]
}

function agoOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 120) return `${whole} s`
  if (whole < 7200) return `${Math.round(whole / 60)} min`
  return whole < 172800 ? `${Math.round(whole / 3600)} h` : `${Math.round(whole / 86400)} days`
}
