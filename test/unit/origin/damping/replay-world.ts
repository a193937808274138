import type { DampingState } from '../../../../lib/model/damping-state.ts'
import type { Probe } from '../../../../lib/model/probe.ts'
import type { Round } from '../../../../lib/model/round.ts'
import type { Target } from '../../../../lib/model/target.ts'
import type { DampingOptions } from '../../../../lib/origin/damping/options.ts'
import { rankDamped } from '../../../../lib/origin/damping/rank-damped.ts'
import { EMPTY_STATE } from '../../../../lib/origin/damping/state.ts'
import type {
  PeerView,
  PublishedSet,
  PublishedZone,
  RankInput,
  RankResult,
  ScoreRule,
} from '../../../../lib/origin/rank-round.ts'

/** What an address answers to one request: seconds, or null for a failure. */
export type Answer = number | null

/** Generated rounds: the addresses answer as the test says, the rest is as in production. */
export interface World {
  readonly targets: readonly Target[]
  /** One request: the address, the number of the round, the domain. */
  readonly answer: (ip: string, round: number, domain: string) => Answer
  /** False: each domain has a measurement of its own; else one for all domains of an address. */
  readonly shared?: boolean
  /** Why probe-ips calls the round blind. */
  readonly blind?: (round: number) => string | null
  readonly peer?: PeerView
}

/** A prober with its state and its zone file, that lives through rounds of 60 s. */
export interface Prober {
  state: DampingState
  /** null: it ranks without knowing the zone file. */
  installed: PublishedZone | null
  round: number
}

export const EPOCH = 1_700_000_000

export const OPTIONS: DampingOptions = { compat: false, score: { rule: 'median' }, site: 'site1', timeout: 3 }

/** A prober at its first start. */
export function newProber(installed: PublishedZone | null = null): Prober {
  return { state: EMPTY_STATE, installed, round: 0 }
}

/** Lives through one round; with a zone file, what was decided is installed where `write` says so. */
export function live(
  prober: Prober,
  world: World,
  options: Partial<DampingOptions> = {},
  write: (result: RankResult<DampingState>) => boolean = ({ round }) => !round.blind,
): RankResult<DampingState> {
  const now = EPOCH + prober.round * 60
  const result = rankDamped(inputOf(prober, world), prober.state, { ...OPTIONS, ...options }, now)
  prober.state = result.state
  prober.round++
  if (prober.installed !== null && write(result)) prober.installed = zoneOf(result)
  return result
}

/** The published sets of a ranked round, as a zone file would have them. */
export function zoneOf({ rankings }: Pick<RankResult<unknown>, 'rankings'>): PublishedZone {
  const zone = new Map<string, PublishedSet>()
  for (const { domain, cname, addresses } of rankings) {
    const active = addresses.filter(address => address.active)
    if (active.length === 0 && cname === null) continue
    const down = active.filter(({ status }) => status === 'ip_down').map(({ ip }) => ip)
    zone.set(domain, { ips: active.map(({ ip }) => ip), down, cname })
  }
  return zone
}

/** The published addresses of each domain, for comparing. */
export function setsOf({ rankings }: Pick<RankResult<unknown>, 'rankings'>): Record<string, string> {
  const sets = rankings.map(({ domain, cname, addresses }) => {
    const active = addresses.filter(address => address.active).map(({ ip }) => ip)
    return [domain, cname ?? active.toSorted().join(' ')]
  })
  return Object.fromEntries(sets)
}

function inputOf(prober: Prober, world: World): RankInput {
  const probes = new Map<string, Map<string, Probe>>()
  const measured = new Map<string, Probe>()
  const published = prober.installed ?? new Map([...prober.state.domains].map(([name, { decided }]) => [name, decided]))
  const publishedIps = new Set([...published.values()].flatMap(({ ips }) => ips))
  for (const target of world.targets) {
    const ofDomain = new Map<string, Probe>()
    for (const ip of [...target.ip, ...target.backup]) {
      const unit = `http://${ip}:80 GET ${world.shared === false ? target.domain : 'fake.com'}/2M.dat`
      const ask = () => world.answer(ip, prober.round, target.domain)
      const probe = measured.get(unit) ?? measure(ip, unit, publishedIps.has(ip), ask)
      measured.set(unit, probe)
      ofDomain.set(ip, { ...probe, domain: target.domain, kind: target.ip.includes(ip) ? 'ip' : 'backup' })
    }
    probes.set(target.domain, ofDomain)
  }
  const reason = world.blind?.(prober.round) ?? null
  const ok = [...measured.values()].filter(probe => probe.ok).length
  const round = roundOf({ units: measured.size, ok, blind: reason !== null, blind_reason: reason })
  return { targets: world.targets, probes, round, installed: prober.installed, peer: world.peer ?? null }
}

/** A published address that fails is asked twice again in the same round (damping 8.1). */
function measure(ip: string, unit: string, published: boolean, ask: () => Answer): Probe {
  let repeats = 0
  let total = ask()
  while (total === null && published && repeats < 2) {
    total = ask()
    repeats++
  }
  return probeOf({ ip, unit, ok: total !== null, total, repeats })
}

/** A probe record; one that failed was refused. */
export function probeOf(fields: Partial<Probe>): Probe {
  const ok = fields.ok ?? true
  return {
    type: 'probe',
    domain: 'a.example.',
    ip: '192.0.2.1',
    kind: 'ip',
    unit: 'http://192.0.2.1:80 GET fake.com/2M.dat',
    ok,
    code: ok ? '200' : '000',
    connect: ok ? 0.01 : null,
    ttfb: ok ? 0.02 : null,
    download: ok ? 0.07 : null,
    total: ok ? 0.1 : null,
    bytes: ok ? 2048 : 0,
    error: ok ? null : 'connect-refused',
    detail: null,
    port: 80,
    way: 'HTTP',
    times: 1,
    ok_times: ok ? 1 : 0,
    repeats: 0,
    source: 'detect',
    suspect: false,
    time: '2023-11-14T22:13:20.000Z',
    ...fields,
  }
}

/** A closing record of probe-ips. */
export function roundOf(fields: Partial<Round>): Round {
  return {
    type: 'round',
    by: 'probe-ips',
    time: '2023-11-14T22:13:20.000Z',
    domains: 1,
    units: 1,
    ok: 1,
    suspect: 0,
    seconds: 1,
    bytes: 0,
    blind: false,
    blind_reason: null,
    up_before: 0,
    newly_down: 0,
    mass_rounds: 0,
    confirmed: false,
    config_changed: false,
    ...fields,
  }
}

/** A target: good below 1.5 s, one address published, backup word `no`. */
export function targetOf(domain: string, ip: readonly string[], fields: Partial<Target> = {}): Target {
  return {
    type: 'target',
    domain,
    file: null,
    line: null,
    info: 'N',
    detect: true,
    times: 1,
    warn_time: 2,
    good_time: 1.5,
    margin: null,
    limit: 2048,
    publish: 1,
    modify: true,
    backup_word: 'no',
    request: { verb: 'GET', host: 'fake.com', path: '/2M.dat', body_file: null, body_type: null },
    referer_request: null,
    codes: ['2**'],
    port: 80,
    scheme: 'http',
    use_dns: false,
    dns_reuse: 3,
    dns_failures: null,
    referer_weight: 0,
    sort: true,
    tcp_interval: null,
    http_interval: null,
    timeout: null,
    ip: [...ip],
    backup: [],
    dns: [],
    way: 'HTTP',
    ...fields,
  }
}

/** A seeded generator of numbers in [0, 1) (mulberry32): the same rounds in every run. */
export function randomFrom(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A download time with a long tail: log-normal around `typical` seconds, 3 % of them stalled for 1 to 2 s more. */
export function longTail(random: () => number, typical: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const stall = random() < 0.03 ? 1 + random() : 0
  return Math.min(2.9, typical * Math.exp(0.35 * normal) + stall)
}

/** How often the answer for one domain changes in a day of 1440 rounds, by how it is chosen. */
export interface Switches {
  /** The fastest of each round, as without a state. */
  readonly last: number
  /** The lowest median of the last five in each round, without any rule. */
  readonly median: number
  /** With the rules, and the score that was asked for. */
  readonly ruled: number
}

/** Replays a day of a domain with so many equal addresses whose times have a long tail. */
export function switchesADay(score: ScoreRule, addresses: number, seed: number): Switches {
  const random = randomFrom(seed)
  const ips = Array.from({ length: addresses }, (_, i) => `192.0.2.${i + 1}`)
  const world: World = { targets: [targetOf('a.example.', ips)], answer: () => longTail(random, 0.4) }
  const prober = newProber()
  const [last, median] = [counter(), counter()]
  let ruled = -1
  for (let i = 0; i < 1440; i++) {
    const [ranking] = live(prober, world, { score }).rankings
    if (ranking?.changed) ruled++
    last.see(ranking?.addresses.toSorted((a, b) => (a.time ?? 9) - (b.time ?? 9))[0]?.ip)
    median.see(ranking?.addresses.toSorted((a, b) => (a.score ?? 9) - (b.score ?? 9))[0]?.ip)
  }
  return { last: last.changes(), median: median.changes(), ruled }
}

function counter() {
  let [changes, before] = [-1, '']
  const see = (value = '') => {
    if (value !== before) changes++
    before = value
  }
  return { see, changes: () => changes }
}
