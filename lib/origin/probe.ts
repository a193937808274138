import type { Probe } from '../model/probe.ts'
import type { Round } from '../model/round.ts'
import type { Target } from '../model/target.ts'
import { type Control, isAnyReachable } from './probe-control.ts'
import { type Overrides, override } from './probe-input.ts'
import type { ExtraHeader } from './probe-request.ts'
import { type RoundSums, runRound } from './probe-round.ts'
import { type Share, sharesOf, toUnits, type Unit } from './probe-unit.ts'
import { wayOf } from './schedule.ts'

/** The time limit of one connection where neither the target nor the command line has one, in seconds (formats, 2.2). */
export const TIMEOUT = 3

/** How a round is run; undefined: not asked for. */
export interface ProbeOptions extends Overrides {
  readonly timeout: number | undefined
  readonly connections: number
  readonly rate: number | undefined
  readonly period: number | undefined
  readonly limit: number | undefined
  readonly controls: readonly Control[]
  readonly headers: readonly ExtraHeader[]
  /** True for an address that is answered now. */
  readonly isPublished: (share: Share) => boolean
  /** Seconds since the epoch at the start of the round. */
  readonly now: number
}

/** Where the records and the state of the round go. */
export interface ProbeSinks {
  readonly emit: (record: Target | Probe | Round) => Promise<void> | undefined
  readonly progress: (text: string) => void
}

/** Measures all targets: their records first, probes as they end, last the round, which is returned too. */
export async function probe(targets: readonly Target[], options: ProbeOptions, sinks: ProbeSinks): Promise<Round> {
  const minutes = Math.floor(options.now / 60)
  const shares: Share[] = []
  for (const configured of targets) {
    const decided = decide(override(configured, options), minutes)
    await sinks.emit(decided)
    if (decided.detect) shares.push(...sharesOf(decided))
  }
  const timeout = options.timeout ?? TIMEOUT
  const units = toUnits(shares, { timeout, timeoutRules: options.timeout !== undefined, headers: options.headers })
  const controls = isAnyReachable(options.controls, timeout)
  const sums = await runRound({
    ...options,
    units,
    limit: options.limit ?? (options.period === undefined ? undefined : (options.period * 5) / 6),
    isPublished: unit => unit.shares.some(options.isPublished),
    onMeasured: async (unit, measured, repeats) => {
      const time = new Date().toISOString()
      for (const [i, share] of unit.shares.entries()) {
        await sinks.emit({ ...recordOf(unit, share, i), ...measured, repeats, suspect: measured.suspect, time })
      }
    },
    onProgress: sums => sinks.progress(renderProgress(sums, units.length)),
  })
  const reachable = (await controls) || (await isAnyReachable(options.controls, timeout))
  const round = closingRound(targets.length, units.length, sums, reachable)
  await sinks.emit(round)
  return round
}

/** What this round does with a target; without an earlier measurement to use again it is not probed (formats, 2.6). */
function decide(target: Target, minutes: number): Target {
  const way = wayOf(target, minutes)
  return way === 'none' ? { ...target, way, detect: false } : { ...target, way }
}

function recordOf({ key, port, way }: Unit, { target, ip, kind }: Share, place: number) {
  const source: Probe['source'] = place === 0 ? 'detect' : 'central'
  return { type: 'probe', domain: target.domain, ip, kind, unit: key, port, way, source } as const
}

/** More than half of the units failing on this host, or no control reachable: it cannot judge others. */
function closingRound(domains: number, units: number, sums: RoundSums, reachable: boolean): Round {
  const local = sums.local > units / 2 ? `${sums.local} of ${units} requests could not be made on this host` : null
  const reason = reachable ? local : 'no control target is reachable'
  return {
    type: 'round',
    by: 'probe-ips',
    time: new Date().toISOString(),
    domains,
    units,
    ok: sums.ok,
    suspect: sums.suspect,
    seconds: sums.seconds,
    bytes: sums.bytes,
    blind: reason !== null,
    blind_reason: reason,
    up_before: 0,
    newly_down: 0,
    mass_rounds: 0,
    confirmed: false,
    config_changed: false,
  }
}

function renderProgress({ done, ok, bytes, seconds }: RoundSums, units: number): string {
  const left = done === 0 ? '?' : Math.ceil((seconds / done) * (units - done))
  const speed = (bytes / 1e6 / Math.max(seconds, 0.001)).toFixed(1)
  return `${done}/${units} probed, ${done - ok} failed, ${speed} MB/s, ${left} s left`
}
