import type { ErrorRecord } from '../model/error-record.ts'
import type { Probe } from '../model/probe.ts'
import type { Ranking } from '../model/ranking.ts'
import type { Round } from '../model/round.ts'
import type { Target } from '../model/target.ts'

/** What ranking needs to know of a measurement: the other half of 50,000 records need not stay in memory. */
export type RankProbe = Pick<
  Probe,
  | 'ip'
  | 'unit'
  | 'ok'
  | 'code'
  | 'connect'
  | 'total'
  | 'bytes'
  | 'error'
  | 'detail'
  | 'ok_times'
  | 'repeats'
  | 'source'
  | 'suspect'
>

/** The probes of one domain by address; where an address stands in both lists its measurement is the same. */
export type ProbesByIp = ReadonlyMap<string, RankProbe>

/** What is published for one domain. */
export interface PublishedSet {
  /** The addresses of its active lines, in the order of the file. */
  readonly ips: readonly string[]
  /** Of these, the ones that were published although they were down (status `ip_down`). */
  readonly down: readonly string[]
  readonly cname: string | null
}

/** The published sets of a zone file by owner name, with the final dot, in lower case. */
export type PublishedZone = ReadonlyMap<string, PublishedSet>

/** What the zone file of the peer prober says of each address: true where every line of it, comments too, is `ip_down`. */
export type PeerView = ReadonlyMap<string, boolean>

/** All that one round brings. */
export interface RankInput {
  /** In configuration order. */
  readonly targets: readonly Target[]
  /** By the domain as the target has it. A domain without any probe may be absent. */
  readonly probes: ReadonlyMap<string, ProbesByIp>
  /** The closing record of probe-ips; null: the input was cut short, and nothing may be concluded from it. */
  readonly round: Round | null
  /** The zone file in force (`--installed`); null: not known. */
  readonly installed: PublishedZone | null
  /** What the zone file of the peer prober says (`--peer`); null: there is none, or it could not be read. */
  readonly peer: PeerView | null
}

/** What the order of the addresses is made from: the newest total, the median of the last, or a moving average. */
export type ScoreRule =
  | { readonly rule: 'last' }
  | { readonly rule: 'median' }
  | { readonly rule: 'ewma'; readonly alpha: number }

/** How a round is ranked. */
export interface RankOptions {
  /** The legacy program, byte for byte; never with a state. */
  readonly compat: boolean
  readonly score: ScoreRule
}

/** What a round comes to. */
export interface RankResult<S> {
  /** In configuration order. */
  readonly rankings: readonly Ranking[]
  readonly round: Round
  readonly state: S
  /** What an operator must hear of; each with a stable key. */
  readonly alerts: readonly ErrorRecord[]
}

/** Ranks a round. `now` in seconds since the epoch. */
export type RankRound<S> = (input: RankInput, state: S, options: RankOptions, now: number) => RankResult<S>
