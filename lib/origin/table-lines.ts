import type { RankedAddress, Ranking } from '../model/ranking.ts'
import type { Candidate, Decision, TableInput } from './table.ts'

type Status = RankedAddress['status']

/** One candidate as a line of the ranking. */
export function lineOf(candidate: Candidate, status: Status, active: boolean): RankedAddress {
  const { ip, kind, time, code, slow, score, flapping } = candidate
  const line = { ip, kind, status, active, time, code, slow }
  return {
    ...line,
    ...(score === undefined ? {} : { score }),
    ...(flapping === undefined ? {} : { flapping }),
  }
}

/** The status of a candidate that is not needed: a comment line says what it is. */
function idleStatus({ ok, good }: Candidate): Status {
  if (good) return 'ip_good'
  return ok ? 'ip_bad' : 'ip_down'
}

/** The status of a candidate that is published. */
export function activeStatus(candidate: Candidate): Status {
  return candidate.good ? 'ip_work' : idleStatus(candidate)
}

/** Every candidate as a comment line. */
export function comments(list: readonly Candidate[]): RankedAddress[] {
  return list.map(candidate => lineOf(candidate, idleStatus(candidate), false))
}

/** The chosen candidates published, the others as comment lines, in the order of the list. */
export function publishing(list: readonly Candidate[], chosen: readonly Candidate[]): RankedAddress[] {
  return list.map(candidate => {
    const active = chosen.includes(candidate)
    return lineOf(candidate, active ? activeStatus(candidate) : idleStatus(candidate), active)
  })
}

/** The lines of a domain that is not measured: the first n main addresses published (formats 9, case B). */
export function unmeasured(list: readonly Candidate[], n: number): RankedAddress[] {
  return list.map(({ ip, kind }, i) => unmeasuredLine(ip, kind, i < n))
}

/** The line of an address that is not measured. */
export function unmeasuredLine(ip: string, kind: Candidate['kind'], active: boolean): RankedAddress {
  return { ip, kind, status: 'no_detect', active, time: null, code: '000', slow: false }
}

/** One decision; without a CNAME unless the last argument says so. */
export function decision(
  name: Ranking['case'],
  silent: boolean,
  reason: string,
  addresses: readonly RankedAddress[],
  cname: string | null = null,
): Decision {
  return { case: name, cname, silent, reason, addresses }
}

/** What the backup word asks for (formats 2.3); no word at all is read as `no`. */
export function meaningOf(word: string | null): 'nothing' | 'least bad' | 'cname' {
  switch (word?.toLowerCase()) {
    case 'yes':
    case 'y':
      return 'nothing'
    case 'no':
    case 'n':
    case undefined:
      return 'least bad'
    default:
      return 'cname'
  }
}

/** No address at all (cases A1 and A2): a CNAME where the backup word is a name, else nothing. */
export function withoutAddresses({ backupWord }: TableInput): Decision {
  if (meaningOf(backupWord) !== 'cname') {
    return decision('A1', true, 'no address is configured, and no name to point to: nothing is published', [])
  }
  return decision('A2', false, `no address is configured: a CNAME to ${backupWord} is published`, [], backupWord)
}

/** `3 backup addresses`, `1 main address`. */
export function counted(count: number, kind: 'main' | 'backup'): string {
  return `${count} ${kind} ${count === 1 ? 'address' : 'addresses'}`
}

/** `2 of 3 main addresses are good`, `the only main address is good`, `all 3 main addresses are good`. */
export function share(part: number, whole: number, kind: 'main' | 'backup', state: string): string {
  if (whole === 1) return `the only ${kind} address is ${part === 1 ? '' : 'not '}${state}`
  if (part === 0) return `none of the ${counted(whole, kind)} is ${state}`
  if (part === whole) return `${whole === 2 ? `both ${kind} addresses` : `all ${counted(whole, kind)}`} are ${state}`
  return `${part} of ${counted(whole, kind)} ${part === 1 ? 'is' : 'are'} ${state}`
}

/** What is published of so many: `it is published`, `the first 2 are published`. */
export function published(part: number, whole: number): string {
  if (part === 0) return 'none is published (column 8 is 0)'
  if (part < whole) return part === 1 ? 'the first is published' : `the first ${part} are published`
  if (whole === 1) return 'it is published'
  return `${whole === 2 ? 'both' : 'they'} are published`
}
