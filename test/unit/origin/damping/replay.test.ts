import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  live,
  longTail,
  newProber,
  type Prober,
  randomFrom,
  setsOf,
  switchesADay,
  targetOf,
  type World,
} from './replay-world.ts'

const IPS = Array.from({ length: 10 }, (_, i) => `192.0.2.${i + 1}`)

/** A hundred domains, each with three of ten relays, one published. */
const FLEET = Array.from({ length: 100 }, (_, i) => {
  const ips = [0, 1, 3].map(k => IPS[(i + k) % 10] ?? '')
  return targetOf(`d${i}.example.`, ips)
})

const SEEDS = [1, 2, 3, 4]

test('damping 8.6 (a): equal addresses with a long tail are switched less than 5 times a day', t => {
  const days = SEEDS.map(seed => switchesADay({ rule: 'median' }, 2, seed))
  const mean = (numbers: readonly number[]) => (numbers.reduce((sum, n) => sum + n, 0) / numbers.length).toFixed(1)
  t.diagnostic(`switches a day of two equal addresses, mean of ${SEEDS.length} days:`)
  t.diagnostic(`  last (the fastest of each round): ${mean(days.map(({ last }) => last))}`)
  t.diagnostic(`  median (the lowest of each round): ${mean(days.map(({ median }) => median))}`)
  t.diagnostic(`  default (median and the rules): ${mean(days.map(({ ruled }) => ruled))}`)
  const [lasts, averages] = [{ rule: 'last' } as const, { rule: 'ewma', alpha: 0.3 } as const].map(rule =>
    mean(SEEDS.map(seed => switchesADay(rule, 2, seed).ruled)),
  )
  t.diagnostic(`  the rules with --score last: ${lasts}, with ewma:0.3: ${averages}`)
  for (const { ruled } of days) assert.ok(ruled < 5, `${ruled} switches`)
})

/** Is the address up? */
const isUp = (prober: Prober, ip: string) => [...prober.state.units.values()].find(unit => unit.ip === ip)?.up

/** Ten rounds in which everything answers, each address at a time of its own. */
function settled(world: World, installed = true): Prober {
  const prober = newProber(installed ? new Map() : null)
  const calm: World = { ...world, answer: ip => 0.3 + Number(ip.split('.')[3]) / 1000, blind: () => null }
  for (let i = 0; i < 10; i++) live(prober, calm)
  return prober
}

for (const [title, published] of [
  ['published', true],
  ['not published', false],
] as const) {
  test(`damping 8.6 (b): an address whose every second request fails is down within 5 rounds (${title})`, () => {
    let requests = 0
    const world: World = {
      targets: [targetOf('a.example.', ['192.0.2.1', '192.0.2.2'])],
      answer: ip => (ip === '192.0.2.1' ? (requests++ % 2 === 0 ? null : 0.2) : published ? 1.4 : 0.1),
    }
    const prober = newProber(
      new Map([['a.example.', { ips: [`192.0.2.${published ? 1 : 2}`], down: [], cname: null }]]),
    )
    let rounds = 0
    for (; isUp(prober, '192.0.2.1') !== false && rounds < 10; rounds++) live(prober, world)
    assert.ok(rounds <= 5, `${rounds} rounds`)
    assert.equal(setsOf(live(prober, world))['a.example.'], '192.0.2.2')
  })
}

for (const [title, fleet] of [
  ['10 relays', FLEET],
  ['5 relays', [targetOf('a.example.', IPS.slice(0, 5)), targetOf('b.example.', IPS.slice(1, 5))]],
] as const) {
  for (const installed of [true, false]) {
    test(`damping 8.6 (c): 40 % of ${title} vanish for 2 rounds, no published set changes (zone file: ${installed})`, () => {
      const share = title === '10 relays' ? 4 : 2
      const gone = new Set(IPS.slice(0, share))
      const world: World = {
        targets: fleet,
        answer: (ip, round) =>
          gone.has(ip) && round >= 10 && round < 12 ? null : 0.3 + Number(ip.split('.')[3]) / 1000,
      }
      const prober = settled(world, installed)
      const before = setsOf(live({ ...prober }, { ...world, answer: () => 0.3 }))
      for (let i = 0; i < 8; i++) {
        const result = live(prober, world)
        assert.deepEqual(setsOf(result), before, `round ${i}`)
        assert.equal(result.round.blind, i < 2, `round ${i}`)
        assert.deepEqual(
          result.alerts.map(({ key }) => key),
          i < 2 ? ['rank-ips blind'] : [],
        )
      }
    })
  }
}

test('damping 8.2: 40 % of the relays gone for good are believed in the third round, and all domains leave them', () => {
  const gone = new Set(IPS.slice(0, 4))
  const world: World = { targets: FLEET, answer: (ip, round) => (gone.has(ip) && round >= 10 ? null : 0.3) }
  const prober = settled(world)
  const masses = [1, 2, 3]
    .map(() => live(prober, world).round)
    .map(({ mass_rounds, confirmed }) => ({ mass_rounds, confirmed }))
  assert.deepEqual(masses, [
    { mass_rounds: 1, confirmed: false },
    { mass_rounds: 2, confirmed: false },
    { mass_rounds: 3, confirmed: true },
  ])
  const after = live(prober, world)
  assert.equal(after.round.mass_rounds, 0)
  const sets = setsOf(after)
  for (const { domain, ip } of FLEET) {
    if (!ip.every(one => gone.has(one))) assert.ok(!gone.has(sets[domain] ?? ''), `${domain} ${sets[domain]}`)
  }
})

for (const shared of [true, false]) {
  test(`damping 8.6 (d): one dead relay, all its domains move in one round (one measurement for all: ${shared})`, () => {
    // The relay is the fastest of 6 domains in 10, so that far more than 30 % of the units and domains fail with it.
    const targets = FLEET.map((target, i) => (i % 10 < 6 ? { ...target, ip: ['192.0.2.99', ...target.ip] } : target))
    const time = (ip: string) => (ip === '192.0.2.99' ? 0.1 : 0.4)
    const world: World = {
      targets,
      shared,
      answer: (ip, round) => (ip === '192.0.2.99' && round >= 10 ? null : time(ip)),
    }
    const prober = newProber(new Map())
    for (let i = 0; i < 10; i++) live(prober, world)
    const before = setsOf(live({ ...prober }, { ...world, answer: time }))
    assert.equal(Object.values(before).filter(ips => ips === '192.0.2.99').length, 60)
    const result = live(prober, world)
    const after = setsOf(result)
    assert.equal(result.round.blind, false)
    for (const [domain, ips] of Object.entries(after)) {
      assert.ok(before[domain] === '192.0.2.99' ? ips !== '192.0.2.99' : ips === before[domain], `${domain} ${ips}`)
    }
    assert.equal(result.rankings.filter(({ cause }) => cause === 'failure').length, 60)
    assert.match(result.rankings[0]?.reason ?? '', /^moved to 192\.0\.2\.\d+: 192\.0\.2\.99 is down$/)
  })
}

test('damping 8.6 (d): a stray failure beside the dead relay does not hold it up', () => {
  const targets = FLEET.map((target, i) => ({ ...target, ip: i < 60 ? ['192.0.2.99', ...target.ip] : target.ip }))
  const world: World = {
    targets,
    shared: false,
    answer: (ip, round, domain) => {
      if (round >= 10 && (ip === '192.0.2.99' || domain === 'd99.example.')) return null
      return ip === '192.0.2.99' ? 0.1 : 0.4
    },
  }
  const prober = newProber(new Map())
  for (let i = 0; i < 10; i++) live(prober, world)
  const { round } = live(prober, world)
  assert.deepEqual([round.blind, round.confirmed, round.mass_rounds], [false, false, 0])
})

test('damping 8.6 (e): an emptied configuration ranks nothing, forgets nothing, and removal is for the guard to refuse', () => {
  const world: World = { targets: FLEET, answer: () => 0.3 }
  const prober = settled(world)
  const { domains } = prober.state
  const result = live(prober, { ...world, targets: [] })
  assert.deepEqual(result.rankings, [])
  assert.equal(result.round.config_changed, true)
  assert.deepEqual(prober.state.domains, domains)
  // Taken back, everything is as it was.
  const before = setsOf(live(settled(world), world))
  prober.installed = settled(world).installed
  assert.deepEqual(setsOf(live(prober, world)), before)
})

for (const [title, blind, offline] of [
  [
    'its own control targets fail',
    (round: number) => (round >= 10 && round < 20 ? 'the gateway does not answer' : null),
    true,
  ],
  ['nothing answers', () => null, true],
  ['no rounds at all', () => null, false],
] as const) {
  test(`damping 8.6 (f): a prober that is offline for 10 min changes nothing: ${title}`, () => {
    const targets = FLEET.map((target, i) => ({ ...target, backup_word: ['no', 'yes', 'wild'][i % 3] ?? null }))
    const world: World = {
      targets,
      blind,
      answer: (ip, round) => (round >= 10 && round < 20 ? null : 0.3 + Number(ip.split('.')[3]) / 1000),
    }
    const prober = settled(world)
    const before = setsOf(live({ ...prober }, { ...world, blind: () => null, answer: () => 0.3 }))
    const keys = new Set<string | undefined>()
    if (!offline) prober.round = 20
    for (; prober.round < 30; ) {
      const result = live(prober, world)
      assert.deepEqual(setsOf(result), before, `round ${prober.round}`)
      for (const { key } of result.alerts) keys.add(key)
    }
    assert.deepEqual([...keys], offline ? ['rank-ips blind'] : [])
  })
}

test('damping 8.6 (g): each of two probers with different draws keeps its own order from round to round', () => {
  const random = randomFrom(7)
  const world: World = { targets: FLEET, answer: () => longTail(random, 0.3) }
  const probers = ['east', 'west'].map(site => ({ site, prober: newProber(new Map()) }))
  let differing = 0
  let changes = 0
  for (let i = 0; i < 120; i++) {
    const sets = probers.map(one => {
      const result = live(one.prober, world, { site: one.site })
      if (i > 5) changes += result.rankings.filter(({ changed }) => changed).length
      return setsOf(result)
    })
    differing = Object.keys(sets[0] ?? {}).filter(domain => sets[0]?.[domain] !== sets[1]?.[domain]).length
  }
  assert.ok(differing > 20, `only ${differing} of 100 domains differ: nothing was tested`)
  // 200 domains for 2 hours: a switch a domain and day would be 16.
  assert.ok(changes < 60, `${changes} changes`)
})
