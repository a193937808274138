import { acceptsCode } from '../model/domain-conf-codes.ts'
import { mainAddresses, type Target } from '../model/target.ts'
import type { ProbesByIp, PublishedSet, RankProbe } from './rank-round.ts'
import type { Candidate, TableInput } from './table.ts'

/** Below this a time means that nothing was ever connected (formats 7.5), in seconds. */
const NEVER_SECONDS = 1e-7

/** The addresses of a domain before they are judged. */
export interface AddressLists {
  readonly main: readonly string[]
  readonly backup: readonly string[]
  /** False: nothing is known about the addresses, and the first are published unmeasured. */
  readonly detect: boolean
}

/**
 * The addresses of a domain as configured. Where its name has not been resolved for too long, the published main
 * addresses stay in force (formats 3, the corrected rule), and without any those of the configuration.
 */
export function listsOf(target: Target, probes: ProbesByIp, published: PublishedSet | undefined): AddressLists {
  const { backup } = target
  const configured = mainAddresses(target)
  const kept = isStale(target) ? (published?.ips.filter(ip => !backup.includes(ip)) ?? []) : []
  const main = kept.length > 0 ? kept : configured
  // Kept addresses that no list has any more were not measured: that is no reason to call them down.
  const detect =
    isMeasured(target, [...main, ...backup], probes) && (kept.length === 0 || kept.some(ip => probes.has(ip)))
  return { main, backup, detect }
}

/** As version 3.3 has it: a name that has not been resolved for too long leaves no main address at all. */
function legacyListsOf(target: Target, probes: ProbesByIp): AddressLists {
  const main = isStale(target) ? [] : mainAddresses(target)
  const { backup } = target
  return { main, backup, detect: isMeasured(target, [...main, ...backup], probes) }
}

/** What the corrected table sees of a domain by this round alone: ok before down, then the total (formats 7.6). */
export function tableInputOf(target: Target, probes: ProbesByIp, published: PublishedSet | undefined): TableInput {
  const { main, backup, detect } = listsOf(target, probes, published)
  const side = (ips: readonly string[], kind: Candidate['kind']) => {
    const list = ips.map(ip => candidateOf(target, ip, kind, probes.get(ip)))
    return target.sort ? list.sort((a, b) => Number(b.ok) - Number(a.ok) || (a.time ?? 0) - (b.time ?? 0)) : list
  }
  return { ...common(target), detect, main: side(main, 'ip'), backup: side(backup, 'backup') }
}

/** What the legacy table sees of a domain: ascending total, and nothing else, so one that never connected is first. */
export function legacyTableInputOf(target: Target, probes: ProbesByIp): TableInput {
  const { main, backup, detect } = legacyListsOf(target, probes)
  const side = (ips: readonly string[], kind: Candidate['kind']) => {
    const list = ips.map(ip => legacyCandidateOf(target, ip, kind, probes.get(ip)))
    return target.sort ? list.sort((a, b) => (a.time ?? 0) - (b.time ?? 0)) : list
  }
  return { ...common(target), detect, main: side(main, 'ip'), backup: side(backup, 'backup') }
}

/** One address by its measurement of this round; one without any is down. */
function candidateOf(target: Target, ip: string, kind: Candidate['kind'], probe: RankProbe | undefined): Candidate {
  const ok = probe?.ok ?? false
  const time = probe?.total ?? null
  const good = ok && time !== null && time < target.good_time
  const code = probe?.code ?? '000'
  return { ip, kind, ok, good, time, code, slow: isSlow(target, ok, time), score: ok ? time : null }
}

function legacyCandidateOf(
  target: Target,
  ip: string,
  kind: Candidate['kind'],
  probe: RankProbe | undefined,
): Candidate {
  const time = probe?.total ?? null
  const ok = probe !== undefined && isOkLegacy(target, probe)
  const good = ok && (time ?? 0) < target.good_time
  return { ip, kind, ok, good, time, code: probe?.code ?? '000', slow: isSlow(target, ok, time) }
}

/** Formats 7.4: connected at least once, in time, with an acceptable code; a body cut short does not matter. */
function isOkLegacy({ timeout, codes }: Target, { ok_times, total, code, error }: RankProbe): boolean {
  if (ok_times === 0) return false
  // A domain without a time limit of its own has the default of the prober, who says by the error that it passed.
  const isLate = error === 'read-timeout' || (timeout !== null && total !== null && total > timeout)
  return !isLate && acceptsCode(codes, code)
}

/** Formats 7.5: flag Y. */
export function isSlow({ warn_time }: Target, ok: boolean, time: number | null): boolean {
  return time !== null && time > warn_time && (ok || time > NEVER_SECONDS)
}

/** The name has not been resolved more often than column 18 tolerates (formats 3). */
function isStale({ use_dns, dns_failures, dns_reuse }: Target): boolean {
  return use_dns && dns_failures !== null && dns_failures > dns_reuse
}

/** A round that only reuses old measurements has its own say: column 3 counts for nothing then (formats 2.6). */
function isMeasured({ detect, way }: Target, ips: readonly string[], probes: ProbesByIp): boolean {
  const measured = (ip: string) => probes.get(ip) !== undefined && probes.get(ip)?.source !== 'nodetect'
  if (way === 'none') return ips.every(measured)
  return detect && ips.every(ip => probes.get(ip)?.source !== 'nodetect')
}

function common({ publish, backup_word }: Target) {
  return { publish, backupWord: backup_word, lastGood: null }
}
