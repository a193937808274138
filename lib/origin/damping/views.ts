import type { DomainState, UnitState } from '../../model/damping-state.ts'
import type { Target } from '../../model/target.ts'
import { type AddressLists, isSlow } from '../candidates.ts'
import type { ProbesByIp } from '../rank-round.ts'
import { drawOf, orderOf, type View } from './choose.ts'
import { failbackLeft, failedLast } from './health.ts'
import type { DampingOptions } from './options.ts'
import { isGood, scoreOf, timesOf } from './score.ts'
import { isFlapping, type Standing } from './standing.ts'

/** What the views of a domain are made from. */
export interface ViewSource {
  readonly target: Target
  readonly lists: AddressLists
  readonly probes: ProbesByIp
  readonly units: ReadonlyMap<string, UnitState>
  readonly before: DomainState | undefined
  readonly standing: Standing
  readonly options: DampingOptions
  readonly now: number
}

/**
 * The addresses of a domain, judged by the state of their units: main, then backup, each in the order of choice; those
 * of a domain that is not measured as configured.
 */
export function viewsOf(source: ViewSource): { readonly main: readonly View[]; readonly backup: readonly View[] } {
  const { lists, target } = source
  const side = (ips: readonly string[], kind: View['kind']) => {
    const views = ips.map(ip => viewOf(source, ip, kind))
    return lists.detect ? orderOf(views, target.sort) : views
  }
  return { main: side(lists.main, 'ip'), backup: side(lists.backup, 'backup') }
}

/** The unit of an address: of this round's probe, or the one that was measured for it last. */
export function unitKeyOf(
  { probes, before, units }: Pick<ViewSource, 'probes' | 'before' | 'units'>,
  ip: string,
): string | undefined {
  const probe = probes.get(ip)
  if (probe !== undefined && probe.source !== 'nodetect') return probe.unit
  return before?.units.find(unit => units.get(unit)?.ip === ip)
}

function viewOf(source: ViewSource, ip: string, kind: View['kind']): View {
  const { target, probes, standing, before, options, now } = source
  const probe = probes.get(ip)
  const unit = source.units.get(unitKeyOf(source, ip) ?? '')
  const member = standing.inForce?.ips.includes(ip) ?? false
  const timeout = target.timeout ?? options.timeout
  const known = unit === undefined ? null : scoreOf(unit, options.score, timeout)
  const answered = unit !== undefined && !failedLast(unit)
  // What fails just now is no replacement, though it is not down yet; a member stays what it was until it is down.
  const ok = (unit?.up ?? false) && (answered || member)
  const time = probe?.total ?? null
  return {
    ip,
    kind,
    ok,
    good: ok && isGood(known, target.good_time, before?.good.includes(ip) ?? false),
    time,
    code: probe?.code ?? '000',
    slow: isSlow(target, ok, time),
    score: known ?? timeout,
    times: unit === undefined ? [] : timesOf(unit, timeout),
    flapping: isFlapping(standing.left, ip),
    member,
    answered,
    waiting: member || unit === undefined ? 0 : failbackLeft(unit, now),
    fell: unit !== undefined && !unit.up && unit.since === now,
    draw: drawOf(target.domain, ip, options.site),
  }
}
