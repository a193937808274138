import { isIP } from 'node:net'
import type { HostHeader } from '../model/detectorig-conf.ts'
import { nameKey, withoutDot } from '../model/names.ts'
import { mainAddresses, type Request, type Target } from '../model/target.ts'
import type { Asked } from './probe-request.ts'

/** One request of a unit and its share of the unit's times, in percent (formats, column 17). */
export interface Part extends Asked {
  readonly weight: number
}

/** A distinct request of one address: measured once, however many domains ask for it (damping 8.1). */
export interface Unit {
  /** Names the request; the same in every round. */
  readonly key: string
  readonly ip: string
  readonly port: number
  readonly way: 'HTTP' | 'HTTPS' | 'TCP'
  readonly parts: readonly Part[]
  readonly codes: readonly string[]
  /** Probes of each part. */
  readonly times: number
  /** Bytes of a body. */
  readonly limit: number
  /** Of one connection, in seconds. */
  readonly timeout: number
  /** Who gets the measurement, in the order of the input. */
  readonly shares: readonly Share[]
}

/** One (domain, address) that a unit stands for. */
export interface Share {
  readonly target: Target
  readonly ip: string
  readonly kind: 'ip' | 'backup' | 'dns'
}

/** What the command line adds to the targets. */
export interface UnitDefaults {
  /** For targets without a time limit of their own, in seconds. */
  readonly timeout: number
  /** The command line's limit stands above column 22 (formats, column 22). */
  readonly timeoutRules: boolean
  readonly headers: readonly HostHeader[]
}

/** The addresses of a target with their kinds: the main ones in force, then the backups. */
export function sharesOf(target: Target): Share[] {
  const kind = target.dns.length > 0 ? 'dns' : 'ip'
  return [
    ...mainAddresses(target).map(ip => ({ target, ip, kind }) as const),
    ...target.backup.map(ip => ({ target, ip, kind: 'backup' }) as const),
  ]
}

/** What one address of a target is asked, and how. */
export function toUnit(share: Share, defaults: UnitDefaults): Unit {
  const { target, ip } = share
  const way = target.way === 'TCP' ? 'TCP' : target.scheme === 'https' ? 'HTTPS' : 'HTTP'
  const timeout = defaults.timeoutRules ? defaults.timeout : (target.timeout ?? defaults.timeout)
  const unit = {
    ip,
    port: target.port,
    way,
    parts: way === 'TCP' ? [part(target, defaults, target.request, null, 100)] : partsOf(target, defaults),
    codes: target.codes,
    times: target.times,
    limit: target.limit,
    timeout,
    shares: [share],
  } as const
  return { ...unit, key: keyOf(unit) }
}

/** The distinct units of all the shares, in their order. */
export function toUnits(shares: Iterable<Share>, defaults: UnitDefaults): Unit[] {
  const units = new Map<string, Unit & { readonly shares: Share[] }>()
  for (const share of shares) {
    const unit = toUnit(share, defaults)
    const known = units.get(unit.key)
    if (known === undefined) units.set(unit.key, { ...unit, shares: [share] })
    else known.shares.push(share)
  }
  return [...units.values()]
}

function partsOf(target: Target, defaults: UnitDefaults): Part[] {
  const { request, referer_request: second, referer_weight: weight } = target
  const parts: Part[] = []
  if (weight < 100 || second === null)
    parts.push(part(target, defaults, request, null, second === null ? 100 : 100 - weight))
  if (weight > 0 && second !== null) parts.push(part(target, defaults, second, withoutDot(target.domain), weight))
  return parts
}

function part(
  { domain }: Target,
  { headers }: UnitDefaults,
  request: Request,
  referer: string | null,
  weight: number,
): Part {
  const mine = headers.filter(({ host }) => nameKey(host) === nameKey(domain))
  return { request, referer, headers: mine, weight }
}

/** As a person would write it; the default path, which is another in each round (formats, 2.4), by what it stands for. */
function keyOf({ ip, port, way, parts, codes, limit, times, timeout }: Omit<Unit, 'key'>): string {
  const address = `${way.toLowerCase()}://${isIP(ip) === 6 ? `[${ip}]` : ip}:${port}`
  if (way === 'TCP') return `${address} ${codes.join('|')} ${times} ${timeout}`
  const asked = parts.map(({ request, referer, headers, weight }) =>
    [
      `${request.verb} ${request.host}${request.path.replace(/^\/\d{9,11}\.jpg$/, '/EPOCH.jpg')}`,
      ...(request.body_file === null ? [] : [request.body_file, request.body_type ?? '']),
      ...(weight === 100 ? [] : [`${weight}%`]),
      ...(referer === null ? [] : [`referer=${referer}`]),
      ...headers.map(({ name, value }) => `${name}=${value}`),
    ].join(' '),
  )
  return `${address} ${asked.join(' ')} ${codes.join('|')} ${limit} ${times} ${timeout}`
}
