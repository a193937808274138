import { readPeer, readPublished } from './installed.ts'
import type { RankInput, RankOptions, RankResult } from './rank-round.ts'
import { rankStateless } from './rank-stateless.ts'
import type { ReadRound } from './read-round.ts'

/** The files that a ranking takes into account, as the command line names them. */
export interface RankFiles {
  readonly installed: string | undefined
  readonly peer: string | undefined
}

/** A ranked round; `save` keeps what the next round needs, after the records have left. */
export interface Ranked {
  readonly input: RankInput
  readonly result: RankResult<unknown>
  readonly save: () => Promise<void>
}

/** Ranks a round with what the files of the command line know. `now` in seconds since the epoch. Throws 'io'. */
export async function rank(read: ReadRound, files: RankFiles, options: RankOptions, now: number): Promise<Ranked> {
  const installed = files.installed === undefined ? null : await readPublished(files.installed)
  const peer = files.peer === undefined ? null : await readPeer(files.peer)
  const input: RankInput = { ...read, installed, peer }
  return { input, result: rankStateless(input, null, options, now), save: async () => {} }
}
