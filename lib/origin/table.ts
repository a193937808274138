import type { RankedAddress, Ranking } from '../model/ranking.ts'

/** One address as the decision table sees it: its health and class already decided. */
export interface Candidate {
  readonly ip: string
  readonly kind: 'ip' | 'backup'
  /** Not down (formats, 7.4). */
  readonly ok: boolean
  /** Ok and faster than the good time. */
  readonly good: boolean
  /** The raw total of this round in seconds; null: never connected, or not measured. */
  readonly time: number | null
  readonly code: string
  /** Slower than the warn time (formats, 7.5). */
  readonly slow: boolean
  /** Seconds, what the order was made from; absent under `--compat`. */
  readonly score?: number | null
  readonly flapping?: boolean
}

/** What the decision table needs to know of one domain. The lists are in their order (formats, 7.6). */
export interface TableInput {
  readonly detect: boolean
  /** Column 8, as configured. */
  readonly publish: number
  readonly backupWord: string | null
  readonly main: readonly Candidate[]
  readonly backup: readonly Candidate[]
  /** The last set that was verified good, while it is younger than its limit; null where there is none. */
  readonly lastGood: readonly string[] | null
}

/** What the table decided. `silent`: it is allowed that nothing is published. */
export interface Decision extends Pick<Ranking, 'case' | 'cname' | 'silent' | 'reason'> {
  readonly addresses: readonly RankedAddress[]
}
