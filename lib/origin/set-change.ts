import type { RankedAddress, Ranking } from '../model/ranking.ts'
import type { PublishedSet } from './rank-round.ts'
import type { Decision } from './table.ts'

/** What kind of change a decision is. */
export type SetChange = Pick<Ranking, 'cause' | 'gain' | 'changed'>

const SAME: SetChange = { cause: 'same', gain: 0, changed: false }

/** Compares a decision with what is published; `undefined`: nothing is, `null`: not known. Pure. */
export function changeOf(before: PublishedSet | undefined | null, decision: Decision): SetChange {
  const active = decision.addresses.filter(address => address.active)
  if (before === undefined && active.length === 0 && decision.cname === null) return SAME
  if (before === undefined || before === null) return { cause: 'first', gain: 0, changed: true }
  const gone = before.ips.filter(ip => !active.some(address => address.ip === ip))
  const added = active.filter(({ ip }) => !before.ips.includes(ip))
  if (gone.length === 0 && added.length === 0 && decision.cname === before.cname) return SAME
  const cause = causeOf(before, decision, gone, added)
  return { cause, gain: cause === 'voluntary' ? gainOf(decision, gone, added) : 0, changed: true }
}

function causeOf(before: PublishedSet, decision: Decision, gone: readonly string[], added: readonly RankedAddress[]) {
  const lines = new Map(decision.addresses.map(line => [line.ip, line]))
  if (['A1', 'A2', 'B'].includes(decision.case) || gone.some(ip => !lines.has(ip))) return 'edited'
  if (before.cname !== null && decision.cname !== null) return 'edited'
  if (gone.some(ip => lines.get(ip)?.status === 'ip_down' && !before.down.includes(ip))) return 'failure'
  // What stood in for the good ones goes: a CNAME, addresses that were published although down, backups.
  const stoodIn = (ip: string) => before.down.includes(ip) || lines.get(ip)?.kind === 'backup'
  if (before.cname !== null || gone.some(stoodIn)) return 'recovery'
  if (decision.case !== 'C') return 'failure'
  if (gone.length === 0) return 'recovery'
  return added.length === 0 ? 'edited' : 'voluntary'
}

/** Seconds: how much faster the new addresses are than those they replace, on average. */
function gainOf(decision: Decision, gone: readonly string[], added: readonly RankedAddress[]): number {
  const old = decision.addresses.filter(({ ip }) => gone.includes(ip))
  return Math.max(0, Math.round((mean(old) - mean(added)) * 1e6) / 1e6)
}

function mean(addresses: readonly RankedAddress[]): number {
  const times = addresses.map(({ score, time }) => score ?? time ?? 0)
  return times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length)
}
