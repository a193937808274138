import type { AnyhostZone, ZoneBlock } from './anyhost.ts'
import { nameKey } from './names.ts'

/** Part of a zone: what stands in its blocks. */
type Blocks = Pick<AnyhostZone, 'blocks'>

/**
 * Per owner (absolute, lower case) its active records as one text, sorted, so that two of them can be compared; an
 * owner with comment lines only has ''. Times, order and serial are no part of it: they differ in every run.
 */
export function activeSets({ blocks }: Blocks): Map<string, string> {
  const records = new Map<string, string[]>()
  for (const { owner, lines } of blocks) {
    const key = nameKey(owner)
    const list = records.get(key) ?? []
    records.set(key, list)
    for (const line of lines) {
      if (line.rr === 'CNAME') list.push(`CNAME ${nameKey(line.target)}`)
      else if (line.active) list.push(`${line.rr} ${line.address}`)
    }
  }
  const sets = new Map<string, string>()
  for (const [key, list] of records) sets.set(key, list.length > 1 ? list.sort().join(', ') : (list[0] ?? ''))
  return sets
}

/** The owners whose active sets differ: those of `now` in its order, then those that only `before` answers for. */
export function compareActive(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  const changed = [...now.keys()].filter(owner => now.get(owner) !== (before.get(owner) ?? ''))
  const gone = [...before.keys()].filter(owner => !now.has(owner) && before.get(owner) !== '')
  return [...changed, ...gone]
}

/** The addresses in force, in file order, per owner (absolute, lower case: `nameKey`); owners with none are absent. */
export function publishedAddresses({ blocks }: Blocks): Map<string, string[]> {
  const published = new Map<string, string[]>()
  for (const { owner, lines } of blocks) {
    const active = lines.flatMap(line => (line.rr !== 'CNAME' && line.active ? [line.address] : []))
    if (active.length === 0) continue
    const key = nameKey(owner)
    published.set(key, [...(published.get(key) ?? []), ...active])
  }
  return published
}

/** The published addresses that are said to be down, as `owner address`: those a monitor alarms for (formats 13). */
export function publishedDown({ blocks }: Blocks): Set<string> {
  const down = blocks.flatMap(({ owner, lines }) =>
    lines.flatMap(line =>
      line.active && line.rr !== 'CNAME' && line.measure?.status === 'ip_down'
        ? [`${nameKey(owner)} ${line.address}`]
        : [],
    ),
  )
  return new Set(down)
}

/** What the end marker and the records count: owners with at least one line, and active records. */
export function countRecords({ blocks }: Blocks): { readonly domains: number; readonly active: number } {
  const active = blocks.reduce((sum, { lines }: ZoneBlock) => sum + lines.filter(line => line.active).length, 0)
  return { domains: blocks.length, active }
}
