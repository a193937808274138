import { checkOf } from '../model/check.ts'
import { Probe } from '../model/probe.ts'
import { Round } from '../model/round.ts'
import { Target } from '../model/target.ts'
import { type Others, selectRecords } from '../ndjson/read.ts'
import type { ProbesByIp, RankProbe } from './rank-round.ts'

/** The records of one round as they came in, whatever the order of the lines. */
export interface ReadRound {
  readonly targets: readonly Target[]
  readonly probes: ReadonlyMap<string, ProbesByIp>
  readonly round: Round | null
  /** There was not a single record of a round. */
  readonly isEmpty: boolean
  /** In words: the probes that belong to no address of a target, and are ignored; null where there are none. */
  readonly strays: string | null
}

/** One stream of records, and where its other lines go. */
export interface RoundSource extends Others {
  readonly stream: AsyncIterable<Uint8Array>
}

const CHECKS = { target: checkOf(Target), probe: checkOf(Probe), round: checkOf(Round) }

/** Reads the targets, probes and the closing record of one round from all the sources, in turn. */
export async function readRound(sources: readonly RoundSource[]): Promise<ReadRound> {
  const targets = new Map<string, Target>()
  const probes = new Map<string, Map<string, RankProbe>>()
  let round: Round | null = null
  for (const { stream, ...others } of sources) {
    for await (const { line, value } of selectRecords<Target | Probe | Round>(stream, CHECKS, others)) {
      if (value.type === 'probe') addProbe(probes, value)
      else if (value.type === 'target') {
        const key = value.domain.toLowerCase()
        if (targets.has(key)) others.bad(line, `a second target for '${value.domain}'`)
        else targets.set(key, value)
      } else if (value.by === 'rank-ips') others.bad(line, 'a round record of rank-ips: this input is ranked already')
      else if (round !== null) others.bad(line, 'a second round record: one round at a time')
      else round = value
    }
  }
  const list = [...targets.values()]
  const isEmpty = round === null && list.length === 0 && probes.size === 0
  return { targets: list, probes, round, isEmpty, strays: findStrays(list, probes) }
}

/** A second measurement of the same address replaces the first. */
function addProbe(probes: Map<string, Map<string, RankProbe>>, probe: Probe): void {
  const ofDomain = probes.get(probe.domain)
  if (ofDomain === undefined) probes.set(probe.domain, new Map([[probe.ip, toRankProbe(probe)]]))
  else ofDomain.set(probe.ip, toRankProbe(probe))
}

function toRankProbe(probe: Probe): RankProbe {
  const { ip, unit, ok, code, connect, total, bytes, error, detail, ok_times, repeats, source, suspect } = probe
  return { ip, unit, ok, code, connect, total, bytes, error, detail, ok_times, repeats, source, suspect }
}

function findStrays(targets: readonly Target[], probes: ReadRound['probes']): ReadRound['strays'] {
  const byDomain = new Map(targets.map(target => [target.domain, target]))
  const strays = [...probes].flatMap(([domain, ofDomain]) => {
    const target = byDomain.get(domain)
    const known = new Set(target === undefined ? [] : [...target.ip, ...target.backup, ...target.dns])
    return [...ofDomain.keys()].filter(ip => !known.has(ip)).map(ip => `${domain} ${ip}`)
  })
  if (strays.length === 0) return null
  const many = strays.length === 1 ? '1 probe is' : `${strays.length} probes are`
  return `${many} of no address of a target, and ignored; the first: ${strays[0]}`
}
