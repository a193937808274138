import type { AddressSet } from '../../model/damping-state.ts'
import type { RankedAddress } from '../../model/ranking.ts'
import type { Decision } from '../table.ts'
import type { View } from './choose.ts'

/** The set that a decision publishes. */
export function setOf({ addresses, cname }: Decision): AddressSet {
  return { ips: addresses.filter(({ active }) => active).map(({ ip }) => ip), cname }
}

/** The steps of the ladder, best first; `configured`: a CNAME or nothing, as the backup word says. */
const STEP = { goodMain: 1, goodBackup: 2, configured: 3, okMain: 4, okBackup: 5, down: 6 } as const

/** The step of one address by its health and class. */
function stepOf({ kind, ok, good }: Pick<View, 'kind' | 'ok' | 'good'>): number {
  if (!ok) return STEP.down
  if (good) return kind === 'ip' ? STEP.goodMain : STEP.goodBackup
  return kind === 'ip' ? STEP.okMain : STEP.okBackup
}

/** The step a set stands on: that of its worst member. */
export function stepOfSet(members: readonly View[]): number {
  return members.length === 0 ? STEP.configured : Math.max(...members.map(stepOf))
}

/**
 * The set of a decision's step, with as many of `keep` in it as the step allows: a change that one member makes
 * necessary replaces that member, not the others.
 */
export function fillFrom(fresh: Decision, views: readonly View[], keep: readonly View[], publish: number): AddressSet {
  const wanted = setOf(fresh)
  const chosen = views.filter(view => isChosen(fresh, view))
  if (chosen.length === 0) return wanted
  const step = stepOfSet(chosen)
  if (step === STEP.down) return wanted
  const pool = views.filter(view => stepOf(view) <= step && chosen.some(({ kind }) => kind === view.kind))
  const kept = pool.filter(view => keep.includes(view))
  const size = Math.max(chosen.length, Math.min(kept.length, publish))
  const others = [...chosen, ...pool].filter(view => !kept.includes(view))
  return { ips: [...new Set([...kept, ...others].map(({ ip }) => ip))].slice(0, size), cname: null }
}

/** Is this the very line that the decision publishes? An address may stand in both lists. */
function isChosen({ addresses }: Decision, { ip, kind }: View): boolean {
  return addresses.some(line => line.active && line.ip === ip && line.kind === kind)
}

/** The lines of a decision with another set published: the words say what each address is (formats 8.2). */
export function linesWith(fresh: Decision, { ips }: AddressSet): RankedAddress[] {
  const done = new Set<string>()
  return fresh.addresses.map(line => {
    const active = ips.includes(line.ip) && !done.has(line.ip)
    if (active) done.add(line.ip)
    const isGood = line.status === 'ip_work' || line.status === 'ip_good'
    return { ...line, active, status: isGood ? (active ? 'ip_work' : 'ip_good') : line.status }
  })
}

/** The case of the table that a kept set is an instance of. */
export function caseOf(members: readonly View[], { cname }: AddressSet, hasBackup: boolean): Decision['case'] {
  switch (stepOfSet(members)) {
    case STEP.goodMain:
      return 'C'
    case STEP.goodBackup:
      return 'D5'
    case STEP.configured:
      return cname === null ? 'D1' : 'D4'
    case STEP.okMain:
      return members.some(({ good, kind }) => good && kind === 'ip') ? 'C' : hasBackup ? 'D6' : 'D2'
    case STEP.okBackup:
      return 'D8'
    default:
      return 'last'
  }
}
