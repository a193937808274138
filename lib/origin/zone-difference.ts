import type { AnyhostZone, ZoneBlock, ZoneLine } from '../model/anyhost.ts'
import { countRecords } from '../model/anyhost-active.ts'
import { nameKey } from '../model/names.ts'
import type { Ranking } from '../model/ranking.ts'
import type { Change, ChangeCause } from './zone-changes.ts'
import type { Plan } from './zone-plan.ts'

/** A difference that a person reads before the file is written (`--dry-run`): domains, numbers, the verdict. Pure. */
export function renderDifference(
  plan: Plan,
  installed: Pick<AnyhostZone, 'blocks' | 'serial'> | null,
  rankings: readonly Ranking[],
): string {
  const old = new Map((installed?.blocks ?? []).map(block => [nameKey(block.owner), block]))
  const built = new Map(plan.blocks.map(block => [nameKey(block.owner), block]))
  const reasons = new Map(rankings.map(({ domain, reason }) => [nameKey(domain), reason]))
  const changes = plan.action === 'write' ? plan.changes : []
  const domains = changes.map(change => {
    const key = nameKey(change.owner)
    return renderChange(change, reasons.get(key), old.get(key), built.get(key))
  })
  return [...domains, renderSummary(plan, installed?.serial), ...renderVerdict(plan)].join('\n')
}

function renderChange(change: Change, reason: string | undefined, old?: ZoneBlock, built?: ZoneBlock): string {
  const why = reason === undefined ? '' : `: ${reason}`
  if (change.clipped) return `${change.owner} (voluntary, put off to a later round)${why}`
  const before = activeLines(old)
  const after = activeLines(built)
  const gone = before.filter(line => !after.some(other => keyOf(other) === keyOf(line)))
  const added = after.filter(line => !before.some(other => keyOf(other) === keyOf(line)))
  const lines = [...gone.map(line => `  - ${renderLine(line)}`), ...added.map(line => `  + ${renderLine(line)}`)]
  return [`${change.owner} (${change.cause})${why}`, ...lines].join('\n')
}

function activeLines(block: ZoneBlock | undefined): ZoneLine[] {
  return (block?.lines ?? []).filter(line => line.active)
}

function keyOf(line: ZoneLine): string {
  return line.rr === 'CNAME' ? nameKey(line.target) : line.address
}

function renderLine(line: ZoneLine): string {
  if (line.rr === 'CNAME') return `CNAME ${line.target}`
  if (line.measure === null) return line.address
  const { time, kind, status, code } = line.measure
  return `${line.address.padEnd(15)} ${time.toFixed(6)} ${kind} ${status} ${code}`
}

function renderSummary({ action, blocks, changes, serial }: Plan, before: number | undefined): string {
  const { domains, active } = countRecords({ blocks })
  const all = `${domains} domains, ${active} active records`
  if (before === undefined) return `${all}: a new file, serial ${serial}`
  if (action === 'keep') return `${all}: nothing to write, serial ${before} stays`
  if (action === 'comments') return `${all}: only comment lines to write, serial ${before} stays`
  const counts = new Map<ChangeCause, number>()
  for (const { cause, clipped } of changes) if (!clipped) counts.set(cause, (counts.get(cause) ?? 0) + 1)
  const causes = [...counts].map(([cause, count]) => `${count} ${cause}`)
  const clipped = changes.filter(change => change.clipped).length
  const parts = [...causes, ...(clipped > 0 ? [`${clipped} put off`] : [])]
  return `${all}: ${parts.length > 0 ? parts.join(', ') : 'no change'}, serial ${before} -> ${serial}`
}

function renderVerdict({ faults, refusals }: Plan): string[] {
  return [
    ...faults.map(({ owner, reason }) => `bad zone: ${owner}: ${reason}`),
    ...refusals.map(({ text }) => `would be refused: ${text}`),
  ]
}
