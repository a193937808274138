import type { Probe } from '../model/probe.ts'
import type { Round } from '../model/round.ts'
import type { Target } from '../model/target.ts'
import { type Control, isAnyReachable } from './probe-control.ts'
import { type Earlier, reuse } from './probe-earlier.ts'
import { type Overrides, override } from './probe-input.ts'
import { type RoundSums, runRound } from './probe-round.ts'
import { type Share, sharesOf, toUnits, type Unit, type UnitDefaults } from './probe-unit.ts'
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
  readonly headers: UnitDefaults['headers']
  /** What rounds without a probe of a target use again. */
  readonly earlier: Earlier | undefined
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
  const defaults = { ...options, timeout: options.timeout ?? TIMEOUT, timeoutRules: options.timeout !== undefined }
  const { shares, reused } = await decideAll(targets, options, defaults, sinks)
  const units = toUnits(shares, defaults)
  const controls = isAnyReachable(options.controls, defaults.timeout)
  for (const record of reused) await sinks.emit(record)
  sinks.progress(renderProgress({ done: 0, ok: 0, bytes: 0, seconds: 0 }, units.length))
  const sums = await runRound({
    ...options,
    units,
    limit: options.limit ?? (options.period === undefined ? undefined : (options.period * 5) / 6),
    isPublished: unit => unit.shares.some(options.isPublished),
    onMeasured: async (unit, measured, repeats) => {
      const time = new Date().toISOString()
      for (const [i, share] of unit.shares.entries()) {
        await sinks.emit({ ...recordOf(unit, share, i), ...measured, repeats, time })
      }
    },
    onProgress: sums => sinks.progress(renderProgress(sums, units.length)),
  })
  const reachable = (await controls) || (await isAnyReachable(options.controls, defaults.timeout))
  const round = closingRound(targets.length, units.length, sums, reachable)
  await sinks.emit(round)
  return round
}

/** Emits every target with what this round does with it; collects what is to be measured and what is used again. */
async function decideAll(targets: readonly Target[], options: ProbeOptions, defaults: UnitDefaults, sinks: ProbeSinks) {
  const minutes = Math.floor(options.now / 60)
  const shares: Share[] = []
  const reused: Probe[] = []
  for (const configured of targets) {
    // The command line's time limit stands above column 22; who judges the answers must know of it.
    const limit = options.timeout === undefined ? {} : { timeout: options.timeout }
    const target = { ...override(configured, options), ...limit }
    const way = wayOf(target, minutes)
    const probes = way === 'none' ? reuse(target, options.earlier, defaults) : undefined
    // What is used again stands above column 3 (formats, 2.6). Column 3 itself stays as configured: whether it is
    // measured now says `way`, and a domain must not look edited in every round that passes it over.
    const decided = { ...target, way }
    await sinks.emit(decided)
    if (probes !== undefined) reused.push(...probes)
    else if (way !== 'none' && target.detect) shares.push(...sharesOf(decided))
  }
  return { shares, reused }
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

type Sums = Pick<RoundSums, 'done' | 'ok' | 'bytes' | 'seconds'>

function renderProgress({ done, ok, bytes, seconds }: Sums, units: number): string {
  const left = done === 0 ? '?' : Math.ceil((seconds / done) * (units - done))
  const speed = (bytes / 1e6 / Math.max(seconds, 0.001)).toFixed(1)
  return `${done}/${units} probed, ${done - ok} failed, ${speed} MB/s, ${left} s left`
}
