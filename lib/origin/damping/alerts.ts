import type { ErrorRecord } from '../../model/error-record.ts'
import type { Ranking } from '../../model/ranking.ts'
import type { Verdict } from './blind.ts'

/** What the alerts of a round are made from. */
export interface AlertSource {
  readonly verdict: Verdict
  readonly rankings: readonly Ranking[]
}

/** How many names an alert gives. */
const NAMES = 20

/** What an operator must hear of after a round; each alert has a key that stays the same from round to round. */
export function alertsOf({ verdict, rankings }: AlertSource, now: number): readonly ErrorRecord[] {
  const alert = (key: string, message: string): ErrorRecord => {
    const time = new Date(now * 1000).toISOString()
    return { type: 'error', command: 'rank-ips', level: 'warning', message, key: `rank-ips ${key}`, time }
  }
  if (verdict.held !== null) return [alert('blind', `nothing new is published: ${verdict.held}`)]
  const alerts: ErrorRecord[] = []
  if (verdict.believed !== null) alerts.push(alert('mass failure', verdict.believed))
  const dead = rankings.filter(isAllDown).map(({ domain }) => domain)
  if (dead.length > 0) {
    alerts.push(alert('all down', `no address answers for ${counted(dead.length, 'domain')}: ${namesOf(dead)}`))
  }
  for (const [ip, domains] of flappingAddresses(rankings)) {
    alerts.push(
      alert(`flapping ${ip}`, `${ip} is flapping in ${counted(domains.length, 'domain')}: ${namesOf(domains)}`),
    )
  }
  return alerts
}

function isAllDown({ addresses }: Ranking): boolean {
  return addresses.length > 0 && addresses.every(({ status }) => status === 'ip_down')
}

function flappingAddresses(rankings: readonly Ranking[]): Map<string, string[]> {
  const domains = new Map<string, string[]>()
  for (const { domain, addresses } of rankings) {
    for (const { ip, flapping } of addresses) {
      if (flapping === true) domains.set(ip, [...(domains.get(ip) ?? []), domain])
    }
  }
  return domains
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function namesOf(names: readonly string[]): string {
  const more = names.length > NAMES ? `, and ${names.length - NAMES} more` : ''
  return names.slice(0, NAMES).join(', ') + more
}
