import { hostname } from 'node:os'
import { CommandError } from '../errors.ts'
import type { DampingState } from '../model/damping-state.ts'
import type { ErrorRecord } from '../model/error-record.ts'
import type { DampingOptions } from './damping/options.ts'
import { readPeer, readPublished } from './installed.ts'
import { type RankWords, toRankOptions } from './rank-options.ts'
import type { RankInput, RankResult } from './rank-round.ts'
import { rankStateless } from './rank-stateless.ts'
import type { ReadRound } from './read-round.ts'
import { type Explanation, explain } from './why.ts'

/** The files that a ranking takes into account, as the command line names them. */
export interface RankFiles {
  readonly installed: string | undefined
  readonly peer: string | undefined
  readonly state: string | undefined
}

/** A ranked round. */
export interface Ranked {
  readonly input: RankInput
  readonly result: RankResult<unknown>
  /** Says why a domain is ranked as it is; throws 'no' where the round has no such domain. */
  readonly explain: (domain: string) => Explanation
  /** Keeps what the next round needs, after the records have left. Throws 'io' or 'permission'. */
  readonly save: () => Promise<void>
}

/** Ranks a round. `now` in seconds since the epoch. Throws 'io' or 'permission', 'data' at a foreign state file. */
export type Ranker = (read: ReadRound, now: number) => Promise<Ranked>

/** Ranks as the command line says, with what its files know. Throws 'usage' where its options do not fit. */
export function toRanker(
  words: RankWords & RankFiles & { readonly why: string | undefined },
  host = hostname(),
): Ranker {
  const options = toRankOptions(words, words, host)
  const { state, why } = words
  return (read, now) =>
    read.isEmpty && why !== undefined && state !== undefined
      ? recall(read, state, options, now)
      : rank(read, words, options, now)
}

async function rank(read: ReadRound, files: RankFiles, options: DampingOptions, now: number): Promise<Ranked> {
  const installed = files.installed === undefined ? null : await readPublished(files.installed)
  const peer = files.peer === undefined ? null : await readPeer(files.peer)
  const input: RankInput = { ...read, installed, peer }
  if (files.state !== undefined) return rankWithState(input, files.state, options, now)
  const result = rankStateless(input, null, options, now)
  return { input, result, explain: domain => explainPlain(domain, input, result), save: async () => {} }
}

async function rankWithState(input: RankInput, file: string, options: DampingOptions, now: number): Promise<Ranked> {
  const [{ rankDamped }, { readState, writeState }, { explainDomain }] = await Promise.all([
    import('./damping/rank-damped.ts'),
    import('./damping/state-file.ts'),
    import('./damping/explain.ts'),
  ])
  const { state, fault } = readState(file)
  const result: RankResult<DampingState> = rankDamped(input, state, options, now)
  const alerts = fault === null ? result.alerts : [stateAlert(file, fault, now), ...result.alerts]
  const explainDamped = (domain: string): Explanation => {
    const plain = explainPlain(domain, input, result)
    const name = input.targets.find(({ domain: full }) => isNamed(full, domain))?.domain ?? domain
    const known = explainDomain(result.state, name, options.score, now)
    if (known === null) return plain
    return { head: plain.head, tables: [...plain.tables, known.table], tail: known.tail }
  }
  return { input, result: { ...result, alerts }, explain: explainDamped, save: () => writeState(file, result.state) }
}

/** Without any input: no round is ranked, and what the state remembers is explained. */
async function recall(read: ReadRound, file: string, { score }: DampingOptions, now: number): Promise<Ranked> {
  const [{ readState }, { explainDomain }] = await Promise.all([
    import('./damping/state-file.ts'),
    import('./damping/explain.ts'),
  ])
  const { state, fault } = readState(file)
  const input: RankInput = { ...read, installed: null, peer: null }
  const alerts = fault === null ? [] : [stateAlert(file, fault, now)]
  const explainMemory = (domain: string): Explanation => {
    const known = [...state.domains.values()].find(({ domain: full }) => isNamed(full, domain))
    const explained = known === undefined ? null : explainDomain(state, known.domain, score, now)
    if (known === undefined || explained === null) throw new CommandError('no', `'${domain}' is not in '${file}'`)
    const ago = Math.max(0, Math.round(now - known.seen))
    const head = [`${known.domain} ${known.reason}`, `ranked ${ago} s ago; no input, so this is from memory`, '']
    return { head, tables: [explained.table], tail: explained.tail }
  }
  const result = { ...rankStateless(input, null, { compat: false, score }, now), alerts }
  return { input, result, explain: explainMemory, save: async () => {} }
}

function explainPlain(domain: string, input: RankInput, { rankings }: RankResult<unknown>): Explanation {
  const explanation = explain(domain, input, rankings)
  if (explanation === null) throw new CommandError('no', `'${domain}' is not in the input`)
  return explanation
}

function isNamed(full: string, asked: string): boolean {
  return full.toLowerCase() === `${asked.replace(/\.$/, '')}.`.toLowerCase()
}

function stateAlert(file: string, fault: string, now: number): ErrorRecord {
  const message = `the state file '${file}' is damaged and starts anew: ${fault}`
  const time = new Date(now * 1000).toISOString()
  return { type: 'error', command: 'rank-ips', level: 'warning', message, key: 'rank-ips state', file, time }
}
