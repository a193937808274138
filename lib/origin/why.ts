import type { RankedAddress, Ranking } from '../model/ranking.ts'
import type { Target } from '../model/target.ts'
import type { ProbesByIp, RankInput, RankProbe } from './rank-round.ts'

/** A table for people: its headings (numbers stand on the right) and its cells. */
export interface PlainTable {
  readonly columns: readonly { readonly head: string; readonly right?: true }[]
  readonly rows: readonly (readonly string[])[]
}

/** What a person is told of one domain, or of a round: lines, tables, lines. */
export interface Explanation {
  readonly head: readonly string[]
  readonly tables: readonly PlainTable[]
  readonly tail: readonly string[]
}

const ADDRESS_COLUMNS: PlainTable['columns'] = [
  { head: 'ADDRESS' },
  { head: 'KIND' },
  { head: 'PUBLISHED' },
  { head: 'CONNECT', right: true },
  { head: 'TOTAL', right: true },
  { head: 'SCORE', right: true },
  { head: 'CODE' },
  { head: 'STATUS' },
  { head: 'WHY' },
]

/**
 * Says why a domain is ranked as it is: what was measured, how it was judged, and what would change it. The final dot
 * of the name may be missing; null where the round has no such domain.
 */
export function explain(
  domain: string,
  { targets, probes }: RankInput,
  rankings: readonly Ranking[],
): Explanation | null {
  const name = `${domain.replace(/\.$/, '')}.`.toLowerCase()
  const target = targets.find(target => target.domain.toLowerCase() === name)
  const ranking = rankings.find(ranking => ranking.domain === target?.domain)
  if (target === undefined || ranking === undefined) return null
  return explainRanking(target, ranking, probes.get(target.domain) ?? new Map())
}

function explainRanking(target: Target, ranking: Ranking, probes: ProbesByIp): Explanation {
  const rows = ranking.addresses.map(address => addressRow(target, address, probes.get(address.ip)))
  return {
    head: [
      `${ranking.domain} case ${ranking.case}: ${ranking.reason}`,
      `published: ${renderPublished(ranking)}${ranking.changed ? `, a change (${ranking.cause})` : ', as before'}`,
      `configured${renderPlace(target)}: ${renderLimits(target)}`,
      '',
    ],
    tables: [{ columns: ADDRESS_COLUMNS, rows }],
    tail: [`what would change it: ${renderWayOut(target, ranking)}`],
  }
}

/** The rankings of a round for a terminal. */
export function overview(rankings: readonly Ranking[]): Explanation {
  const columns = [{ head: 'DOMAIN' }, { head: 'CASE' }, { head: 'PUBLISHED' }, { head: 'WHY' }]
  const rows = rankings.map(ranking => [ranking.domain, ranking.case, renderPublished(ranking), ranking.reason])
  return { head: [], tables: [{ columns, rows }], tail: [] }
}

function renderPublished({ cname, addresses }: Ranking): string {
  if (cname !== null) return `CNAME ${cname}`
  const active = addresses.filter(address => address.active).map(({ ip }) => ip)
  return active.length === 0 ? 'nothing' : active.join(' ')
}

function renderPlace({ file, line }: Target): string {
  if (line === null) return ''
  return file === null ? ` in line ${line}` : ` in ${file}:${line}`
}

function renderLimits(target: Target): string {
  const { good_time, warn_time, publish, backup_word } = target
  const word = backup_word === null ? 'no backup word' : `backup word ${backup_word}`
  const timeout = target.timeout === null ? '' : `, time limit ${seconds(target.timeout)} s`
  return `good below ${seconds(good_time)} s, warning above ${seconds(warn_time)} s${timeout}, ${publish} to publish, ${word}`
}

function addressRow(target: Target, address: RankedAddress, probe: RankProbe | undefined): readonly string[] {
  return [
    address.ip,
    address.kind === 'ip' ? 'main' : 'backup',
    address.active ? 'yes' : 'no',
    seconds(probe?.connect ?? null),
    seconds(address.time),
    seconds(address.score ?? null),
    address.code,
    address.status,
    whyAddress(target, address, probe),
  ]
}

function whyAddress({ good_time, codes }: Target, address: RankedAddress, probe: RankProbe | undefined): string {
  const flapping = address.flapping === true ? '; flapping' : ''
  const shared = probe?.source === 'reuse' ? '; measured in an earlier round' : ''
  return judge() + shared + flapping

  function judge(): string {
    if (address.status === 'no_detect') return 'not measured'
    if (probe === undefined) return 'no measurement in this round'
    const isDown = address.status === 'ip_down'
    if (probe.error !== null) return isDown ? failureOf(probe, codes) : `${failureOf(probe, codes)}; not down yet`
    if (isDown) return 'answers, but still counts as down'
    if (address.status === 'ip_bad') return `answers, but not below ${seconds(good_time)} s`
    const idle = address.status === 'ip_good' ? ', not needed' : ''
    return `below ${seconds(good_time)} s${idle}`
  }
}

function renderWayOut(target: Target, ranking: Ranking): string {
  const good = seconds(target.good_time)
  switch (ranking.case) {
    case 'A1':
    case 'A2':
      return 'an address in column 13 or column 10 of the configuration'
    case 'A3':
      return 'an address in column 13, or a backup address that begins or ceases to answer'
    case 'B':
      return target.detect ? 'a round that measures it' : 'column 3 = Y, which measures it'
    case 'C':
      return renderRival(target, ranking)
    case 'D1':
    case 'D2':
    case 'D4':
      return `a main address that answers below ${good} s`
    case 'D3':
      return 'a main address that answers'
    case 'D5':
      return `a main address that answers below ${good} s, or a published backup address that fails`
    case 'D6':
      return `a main or backup address that answers below ${good} s, or the published one failing`
    case 'D7':
    case 'D8':
    case 'last':
      return 'a main address that answers, or a backup address that begins or ceases to answer'
    default:
      return ranking.case satisfies never
  }
}

function failureOf({ error, code, detail }: RankProbe, codes: readonly string[]): string {
  if (error === 'code') return `the answer ${code} is none of ${codes.join(' ')}`
  return detail === null ? String(error) : `${error}: ${detail}`
}

/** Who could take the place of a good published address. */
function renderRival({ good_time }: Target, { addresses }: Ranking): string {
  const failing = `a published address that fails or is not below ${seconds(good_time)} s any more`
  const last = addresses.findLast(address => address.active)
  if (last === undefined) return 'column 8 above 0'
  const place = `${last.ip} (now ${seconds(last.score ?? last.time)} s)`
  const next = addresses.find(({ status, kind }) => status === 'ip_good' && kind === 'ip')
  if (next !== undefined) {
    return `${next.ip} (now ${seconds(next.score ?? next.time)} s) getting ahead of ${place}, or ${failing}`
  }
  const isAll = addresses.every(({ active, kind }) => active || kind === 'backup')
  return isAll ? failing : `another main address that answers below ${seconds(good_time)} s, or ${failing}`
}

function seconds(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}
