import type { DampingState, DomainState, UnitState } from '../../model/damping-state.ts'
import { blindnessOf, closingRound } from '../closing-round.ts'
import type { RankInput, RankProbe, RankResult } from '../rank-round.ts'
import { alertsOf } from './alerts.ts'
import { judgeRound, type Seen, type Verdict } from './blind.ts'
import { DAMPING } from './defaults.ts'
import { isEvidence, newUnit, observationOf, observe } from './health.ts'
import type { DampingOptions } from './options.ts'
import { type RankedDomain, rankDomain } from './rank-domain.ts'
import { hashOf } from './text-hash.ts'

/** One unit of the round: its state before, and what was seen of it. */
interface Measured {
  readonly before: UnitState
  readonly probe: RankProbe
  /** Seconds: what a failure counts. */
  readonly timeout: number
}

/**
 * Ranks a round with the memory of the rounds before (damping 8.2). Pure: the same input, state, options and time give
 * the same result. A round that is held changes no published set and no unit.
 */
export function rankDamped(
  input: RankInput,
  state: DampingState,
  options: DampingOptions,
  now: number,
): RankResult<DampingState> {
  const measured = measuredUnits(input, state, options, now)
  const verdict = judge(input, measured, state)
  const round = state.header.round + 1
  const units = unitsAfter(measured, state, verdict, options, now)
  const ranked = input.targets.map(target => rankDomain({ target, input, state, units, verdict, options, round, now }))
  const config = hashOf(ranked.map(({ ranking, config }) => `${ranking.domain} ${config}`).join('\n')).toString(36)
  const closing = {
    ...closingRound(input, ranked.length, now, { up_before: verdict.up_before, newly_down: verdict.newly_down }),
    mass_rounds: verdict.mass_rounds,
    confirmed: verdict.confirmed,
    blind: verdict.held !== null,
    blind_reason: verdict.held,
    config_changed: state.header.config !== '' && state.header.config !== config,
  }
  const header = {
    type: 'damping-state',
    version: state.header.version,
    round,
    time: now,
    mass_rounds: verdict.mass_rounds,
    config,
  } as const
  const next = {
    header,
    units: verdict.held === null ? withoutOld(units, now) : state.units,
    domains: domainsAfter(state.domains, ranked, now),
  }
  const rankings = ranked.map(({ ranking }) => ranking)
  return { rankings, round: closing, state: next, alerts: alertsOf({ verdict, rankings }, now) }
}

/** The units measured in this round, each once, however many domains share it. */
function measuredUnits(
  input: RankInput,
  state: DampingState,
  options: DampingOptions,
  now: number,
): Map<string, Measured> {
  const measured = new Map<string, Measured>()
  let published: Set<string> | undefined
  for (const { domain, timeout } of input.targets) {
    for (const probe of input.probes.get(domain)?.values() ?? []) {
      if (measured.has(probe.unit)) continue
      const known = state.units.get(probe.unit)
      const seen = known === undefined ? asMeasured(probe) : probe
      if (!isEvidence(seen)) continue
      if (known === undefined) published ??= publishedUnits(input, state)
      const before = known ?? newUnit(probe.unit, probe.ip, published?.has(probe.unit) === true, now)
      measured.set(probe.unit, { before, probe: seen, timeout: timeout ?? options.timeout })
    }
  }
  return measured
}

/** A measurement of an earlier round, or one to doubt, is all there is to know of a unit met for the first time. */
function asMeasured(probe: RankProbe): RankProbe {
  if (probe.source !== 'reuse' && !probe.suspect) return probe
  return { ...probe, source: probe.source === 'reuse' ? 'detect' : probe.source, suspect: false }
}

/** Units behind addresses that are published as answering: up, also when the state was lost. */
function publishedUnits({ targets, probes, installed }: RankInput, { domains }: DampingState): Set<string> {
  const units = new Set<string>()
  for (const { domain } of targets) {
    const known = installed?.get(domain.toLowerCase())
    const ips = known?.ips.filter(ip => !known.down.includes(ip)) ?? domains.get(domain)?.verified ?? []
    for (const ip of ips) {
      const unit = probes.get(domain)?.get(ip)?.unit
      if (unit !== undefined) units.add(unit)
    }
  }
  return units
}

function judge(input: RankInput, measured: ReadonlyMap<string, Measured>, state: DampingState): Verdict {
  const seen: Seen[] = []
  for (const { before, probe } of measured.values()) seen.push({ ip: before.ip, ok: probe.ok, wasUp: before.up })
  return judgeRound(seen, blindReasonOf(input), state.header.mass_rounds, input.peer)
}

function blindReasonOf(input: RankInput): string | null {
  const { blind, blind_reason } = blindnessOf(input)
  if (blind) return blind_reason ?? 'probe-ips says so'
  const probes = input.probes.values().flatMap(ofDomain => ofDomain.values())
  if (!probes.some(({ error }) => error === 'local')) return null
  const local = new Map<string, boolean>()
  for (const ofDomain of input.probes.values())
    for (const { unit, error } of ofDomain.values()) local.set(unit, error === 'local')
  const failed = [...local.values()].filter(failed => failed).length
  if (failed <= local.size * DAMPING.blindShare) return null
  return `${failed} of ${local.size} measurements failed on this host itself`
}

function unitsAfter(
  measured: ReadonlyMap<string, Measured>,
  state: DampingState,
  verdict: Verdict,
  options: DampingOptions,
  now: number,
): Map<string, UnitState> {
  const units = new Map(state.units)
  const weight = options.score.rule === 'ewma' ? options.score.alpha : null
  const how = { now, believed: verdict.confirmed && verdict.mass_rounds > 0, weight }
  for (const [key, { before, probe, timeout }] of measured) {
    // A held round shows the units as they were; one that was never measured, as it is.
    if (verdict.held === null || !state.units.has(key))
      units.set(key, observe(before, observationOf(probe, timeout), how))
  }
  return units
}

function withoutOld(units: Map<string, UnitState>, now: number): Map<string, UnitState> {
  for (const [key, { seen }] of units) if (now - seen >= DAMPING.forget) units.delete(key)
  return units
}

/** Domains that are no longer configured are remembered for a day: an edit that is taken back loses nothing. */
function domainsAfter(
  before: DampingState['domains'],
  ranked: readonly RankedDomain[],
  now: number,
): Map<string, DomainState> {
  const domains = new Map(before)
  for (const [key, { seen }] of before) if (now - seen >= DAMPING.forget) domains.delete(key)
  for (const { next } of ranked) if (next !== null) domains.set(next.domain, next)
  return domains
}
