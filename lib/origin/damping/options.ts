import type { RankOptions } from '../rank-round.ts'

/** How a round is ranked with a state. */
export interface DampingOptions extends RankOptions {
  /** This host's name or its site's: equal addresses are drawn by it, so that sites share them. */
  readonly site: string
  /** Seconds: what a failure counts for targets without a time limit of their own. */
  readonly timeout: number
}
