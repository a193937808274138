import { checkOf } from '../model/check.ts'
import { Ranking } from '../model/ranking.ts'
import { Round } from '../model/round.ts'
import { type Others, selectRecords } from '../ndjson/read.ts'

/** The decisions of one round, in the order they came. */
export interface ReadRankings {
  readonly rankings: readonly Ranking[]
  /** The closing record of rank-ips; null: the input ended without one. */
  readonly round: Round | null
}

/** One stream of records, and where its other lines go. */
export interface RankingSource {
  readonly stream: AsyncIterable<Uint8Array>
  readonly others: Others
}

const CHECKS = { ranking: checkOf(Ranking), round: checkOf(Round) }

/** Reads the rankings of one round and its closing record from all the sources, in turn. */
export async function readRankings(sources: readonly RankingSource[]): Promise<ReadRankings> {
  const rankings: Ranking[] = []
  let round: Round | null = null
  for (const { stream, others } of sources) {
    for await (const { line, value } of selectRecords<Ranking | Round>(stream, CHECKS, others)) {
      if (value.type === 'ranking') rankings.push(value)
      else if (value.by !== 'rank-ips') others.bad(line, `a round record of ${value.by}: rank-ips comes before`)
      else if (round !== null) others.bad(line, 'a second round record: one round at a time')
      else round = value
    }
  }
  return { rankings, round }
}
