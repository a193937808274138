import { CommandError } from '../errors.ts'
import { DAMPING } from './damping/defaults.ts'
import type { DampingOptions } from './damping/options.ts'
import type { RankFiles } from './rank.ts'
import type { ScoreRule } from './rank-round.ts'

/** The options of the command line that say how a round is ranked. */
export interface RankWords {
  /** The version to be compatible with. */
  readonly compat: unknown
  readonly score: string | undefined
  readonly site: string | undefined
}

/** How a round is ranked, by the command line; `host` is the host's name. Throws 'usage' where options do not fit. */
export function toRankOptions(words: RankWords, { state, peer }: RankFiles, host: string): DampingOptions {
  const compat = words.compat !== undefined
  if (compat && state !== undefined) throw new CommandError('usage', '--compat and --state exclude each other')
  const extra = words.score !== undefined ? '--score' : words.site !== undefined ? '--site' : '--peer'
  if (state === undefined && (extra !== '--peer' || peer !== undefined)) {
    throw new CommandError('usage', `${extra} needs --state`)
  }
  return { compat, score: toScoreRule(words.score ?? 'median'), site: words.site ?? host, timeout: DAMPING.timeout }
}

function toScoreRule(text: string): ScoreRule {
  if (text === 'median' || text === 'last') return { rule: text }
  const alpha = Number(/^ewma:(\d?\.?\d{1,6})$/.exec(text)?.[1])
  if (alpha > 0 && alpha <= 1) return { rule: 'ewma', alpha }
  throw new CommandError(
    'usage',
    `option --score: '${text}' is not median, last or ewma:A with A above 0 and at most 1`,
  )
}
