import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Target } from '../../../../lib/model/target.ts'
import { type Answer, live, newProber, type Prober, setsOf, targetOf, type World } from './replay-world.ts'

const A = '192.0.2.1'
const B = '192.0.2.2'
const C = '192.0.2.3'
const Z = '198.51.100.1'

/** One domain whose addresses answer as each round says: seconds, or null. Other domains keep the round from being blind. */
function worldOf(target: Partial<Target>, rounds: (round: number) => Readonly<Record<string, Answer>>): World {
  const others = [11, 12, 13, 14, 15, 16, 17, 18].map(i => targetOf(`o${i}.example.`, [`203.0.113.${i}`]))
  const targets = [targetOf('a.example.', [A, B], { good_time: 1, ...target }), ...others]
  return { targets, answer: (ip, round) => (ip.startsWith('203.') ? 0.1 : (rounds(round)[ip] ?? null)) }
}

/** Lives through the rounds; the published set of the domain after each, run-length encoded: `A*3 B*2`. */
function story(world: World, rounds: number, prober: Prober = newProber(new Map())) {
  const names: Record<string, string> = { [A]: 'A', [B]: 'B', [C]: 'C', [Z]: 'Z', '': '-' }
  const runs: { set: string; count: number }[] = []
  const causes: string[] = []
  let reason = ''
  for (let i = 0; i < rounds; i++) {
    const result = live(prober, world)
    const ranking = result.rankings[0]
    const set = (setsOf(result)['a.example.'] ?? '')
      .split(' ')
      .map(ip => names[ip] ?? ip)
      .join('')
    const last = runs.at(-1)
    if (last?.set === set) last.count++
    else {
      runs.push({ set, count: 1 })
      causes.push(ranking?.cause ?? '')
    }
    reason = ranking?.reason ?? ''
  }
  return { sets: runs.map(({ set, count }) => `${set}*${count}`).join(' '), causes: causes.join(' '), reason }
}

for (const [title, target, rounds, count, sets, causes] of [
  [
    'rule 1: a member is down, at once, and comes back by rule 3 after its delay',
    {},
    (i: number) => ({ [A]: i === 5 ? null : 0.1, [B]: 0.9 }),
    20,
    'A*5 B*5 A*10',
    'first failure voluntary',
  ],
  [
    'rule 1: only the member that is down is replaced',
    { ip: [A, B, C], publish: 2 },
    (i: number) => ({ [A]: i < 5 ? 0.3 : null, [B]: 0.32, [C]: 0.5 }),
    8,
    'AB*5 BC*3',
    'first failure',
  ],
  [
    'rule 1: all down, the last verified set stays',
    {},
    (i: number) => (i < 5 ? { [A]: 0.1, [B]: 0.5 } : {}),
    12,
    'A*12',
    'first',
  ],
  [
    'rule 1: all down, then another answers',
    {},
    (i: number) => (i < 5 ? { [A]: 0.1, [B]: 0.5 } : i < 8 ? {} : { [B]: 0.5 }),
    12,
    'A*9 B*3',
    'first recovery',
  ],
  [
    'rule 2: bad for 3 rounds while a good one exists',
    {},
    (i: number) => ({ [A]: i < 5 ? 0.9 : 1.3, [B]: i < 5 ? 2 : 0.95 }),
    14,
    'A*9 B*5',
    'first voluntary',
  ],
  [
    'rule 2: bad, but nothing good: kept',
    { margin: 90 },
    (i: number) => ({ [A]: i < 5 ? 0.5 : 1.5, [B]: 1.4 }),
    20,
    'A*20',
    'first',
  ],
  [
    'class: within 1.2 times the good time it stays good',
    { margin: 90 },
    (i: number) => ({ [A]: i < 5 ? 0.9 : 1.15, [B]: i < 5 ? 1.3 : 0.95 }),
    20,
    'A*20',
    'first',
  ],
  [
    'rule 3: 20 % and 20 ms for 3 rounds of the median',
    {},
    (i: number) => ({ [A]: i < 5 ? 0.1 : 0.5, [B]: 0.3 }),
    14,
    'A*9 B*5',
    'first voluntary',
  ],
  ['rule 3: 15 % are not enough', {}, (i: number) => ({ [A]: i < 5 ? 0.1 : 0.5, [B]: 0.43 }), 20, 'A*20', 'first'],
  [
    'rule 3: S%P stands in place of 20 %',
    { margin: 10 },
    (i: number) => ({ [A]: i < 5 ? 0.1 : 0.5, [B]: 0.43 }),
    14,
    'A*9 B*5',
    'first voluntary',
  ],
  [
    'rule 3: less than 20 ms are not enough',
    {},
    (i: number) => ({ [A]: i < 5 ? 0.01 : 0.03, [B]: i < 5 ? 0.05 : 0.012 }),
    20,
    'A*20',
    'first',
  ],
  [
    'rule 3: one stalled transfer moves nothing',
    {},
    (i: number) => ({ [A]: i === 7 ? 2.9 : 0.3, [B]: 0.35 }),
    20,
    'A*20',
    'first',
  ],
  [
    'rule 3: there and back again',
    {},
    (i: number) => ({ [A]: i < 5 || i >= 10 ? 0.1 : 0.5, [B]: 0.3 }),
    24,
    'A*9 B*5 A*10',
    'first voluntary voluntary',
  ],
  [
    'order is no reason: two of two stay',
    { publish: 2 },
    (i: number) => ({ [A]: i % 2 === 0 ? 0.1 : 0.5, [B]: 0.3 }),
    30,
    'AB*30',
    'first',
  ],
  [
    'one lost answer of an address moves nothing',
    {},
    (i: number) => ({ [A]: 0.1, [B]: i % 7 === 0 ? null : 0.5 }),
    30,
    'A*30',
    'first',
  ],
  [
    'backup: to it when the main one is down, and back in 3 rounds after the delay',
    { ip: [A], backup: [Z] },
    (i: number) => ({ [A]: i === 5 ? null : 0.3, [Z]: 0.1 }),
    20,
    'A*5 Z*5 A*10',
    'first failure recovery',
  ],
  [
    'the full number again after the delay',
    { publish: 2 },
    (i: number) => ({ [A]: i === 5 ? null : 0.3, [B]: 0.3 }),
    20,
    'AB*5 B*5 AB*10',
    'first failure recovery',
  ],
  [
    'backup word yes: nothing when it is down, back in 3 rounds',
    { ip: [A], backup_word: 'yes' },
    (i: number) => ({ [A]: i === 5 ? null : 0.3 }),
    20,
    'A*5 -*5 A*10',
    'first failure recovery',
  ],
  [
    'backup word a name: the CNAME when it is down',
    { ip: [A], backup_word: 'wild' },
    (i: number) => ({ [A]: i === 5 ? null : 0.3 }),
    20,
    'A*5 wild*5 A*10',
    'first failure recovery',
  ],
  [
    'not sorted: the order of the configuration, not the time',
    { sort: false },
    () => ({ [A]: 0.9, [B]: 0.1 }),
    10,
    'A*10',
    'first',
  ],
  [
    'not sorted: the preferred one comes back after the delay',
    { sort: false },
    (i: number) => ({ [A]: i === 5 ? null : 0.5, [B]: 0.1 }),
    20,
    'A*5 B*5 A*10',
    'first failure voluntary',
  ],
  ['not measured: the first as configured', { detect: false, publish: 1 }, () => ({}), 5, 'A*5', 'first'],
] as const) {
  test(`damping 8.2, ${title}`, () => {
    const told = story(worldOf(target as Partial<Target>, rounds), count)
    assert.deepEqual({ sets: told.sets, causes: told.causes }, { sets, causes })
  })
}

test('damping 8.2, a switch that write-anyhost puts off is decided again, and its hold timer does not start', () => {
  const world = worldOf({}, i => ({ [A]: i < 5 ? 0.1 : 0.5, [B]: 0.3 }))
  const prober = newProber(new Map())
  for (let i = 0; i < 9; i++) live(prober, world)
  for (let i = 0; i < 4; i++) {
    const { rankings } = live(prober, world, {}, () => false)
    assert.deepEqual([rankings[0]?.cause, rankings[0]?.changed, rankings[0]?.gain], ['voluntary', true, 0.2])
    assert.equal(prober.state.domains.get('a.example.')?.voluntary, null)
  }
  live(prober, world)
  live(prober, world)
  assert.equal(prober.state.domains.get('a.example.')?.voluntary, prober.state.domains.get('a.example.')?.since)
})

test('damping 8.2, an edit that is refused is still an edit in the next round', () => {
  const world = worldOf({}, () => ({ [A]: 0.1, [B]: 0.3, [C]: 0.5 }))
  const prober = newProber(new Map())
  live(prober, world)
  const edited = worldOf({ ip: [B, C] }, () => ({ [A]: 0.1, [B]: 0.3, [C]: 0.5 }))
  for (let i = 0; i < 3; i++) {
    const { rankings, round } = live(prober, edited, {}, () => false)
    assert.deepEqual([rankings[0]?.cause, rankings[0]?.changed, round.config_changed], ['edited', true, i === 0])
    assert.equal(rankings[0]?.reason, `moved to ${B}: ${A} is no longer configured`)
  }
  const wider = worldOf({ ip: [A, B, C], publish: 2 }, () => ({ [A]: 0.1, [B]: 0.3, [C]: 0.5 }))
  for (let i = 0; i < 5; i++) assert.equal(live(prober, wider, {}, () => false).rankings[0]?.cause, 'edited')
  assert.equal(live(prober, wider).rankings[0]?.cause, 'edited')
  assert.equal(live(prober, wider).rankings[0]?.cause, 'same')
})

test('damping 8.2, all down for a day: then all main addresses', () => {
  const world = worldOf({}, i => (i < 5 ? { [A]: 0.1, [B]: 0.5 } : {}))
  const prober = newProber(new Map())
  for (let i = 0; i < 8; i++) live(prober, world)
  prober.round += 24 * 60
  const result = live(prober, world)
  assert.equal(setsOf(result)['a.example.'], `${A} ${B}`)
  assert.equal(result.rankings[0]?.case, 'D3')
  assert.deepEqual(
    result.alerts.map(({ key }) => key),
    ['rank-ips all down'],
  )
  assert.equal(result.alerts[0]?.message, 'no address answers for 1 domain: a.example.')
})

test('damping 8.2, the state is lost: what is published counts as up and as good', () => {
  const world = worldOf({}, i => (i < 5 ? { [A]: 0.1, [B]: 0.5 } : {}))
  const before = newProber(new Map())
  for (let i = 0; i < 5; i++) live(before, world)
  const prober = newProber(before.installed)
  prober.round = 5
  const result = live(prober, world)
  assert.deepEqual([setsOf(result)['a.example.'], result.rankings[0]?.case], [A, 'last'])
  const gone: World = { ...world, answer: () => null }
  const blind = newProber(before.installed)
  const { round, rankings } = live(blind, gone)
  assert.equal(round.blind, true)
  assert.ok(rankings.every(({ changed }) => !changed))
})

test('damping 8.2, an address that left more than 4 times in 21 rounds is flapping, and told', () => {
  const world = worldOf({ ip: [A], backup_word: 'yes', good_time: 1 }, () => ({ [A]: 0.3 }))
  const prober = newProber(new Map())
  for (let i = 0; i < 12; i++) {
    live(prober, world)
    // Somebody else takes the address out of the zone file, again and again.
    if (i % 2 === 0)
      prober.installed = new Map(
        [...(prober.installed ?? [])]
          .filter(([name]) => name !== 'a.example.')
          .concat([['a.example.', { ips: [], down: [], cname: null }]]),
      )
    else prober.installed = new Map([...(prober.installed ?? []), ['a.example.', { ips: [A], down: [], cname: null }]])
  }
  const { alerts, rankings } = live(prober, world)
  assert.equal(rankings[0]?.addresses[0]?.flapping, true)
  assert.deepEqual(
    alerts.map(({ key, message }) => [key, message]),
    [[`rank-ips flapping ${A}`, `${A} is flapping in 1 domain: a.example.`]],
  )
})

test('damping 8.2, each ranking says which rule kept or moved it, with the numbers', () => {
  const world = worldOf({}, i => ({ [A]: i < 5 ? 0.1 : 0.5, [B]: 0.3 }))
  const reason = (rounds: number) => story(world, rounds).reason
  assert.equal(reason(1), 'first: both main addresses are good; the first is published')
  assert.equal(reason(5), 'kept: both main addresses are good; the first is published')
  assert.equal(
    reason(8),
    `kept: ${B} is 40 % (0.200 s) faster than ${A}, a switch needs 20 % and 20 ms for 3 rounds (1 so far)`,
  )
  assert.equal(reason(10), `moved to ${B}: is 40 % (0.200 s) faster than ${A} for 3 rounds`)
})

test('damping 8.2, rule 3: the last voluntary switch must be 5 min old', () => {
  const world = worldOf({}, i => ({ [A]: i < 5 ? 0.1 : 0.5, [B]: 0.3 }))
  const prober = newProber(new Map())
  for (let i = 0; i < 7; i++) live(prober, world)
  const known = prober.state.domains.get('a.example.')
  assert.ok(known !== undefined)
  const voluntary = known.seen
  prober.state = {
    ...prober.state,
    domains: new Map([...prober.state.domains, ['a.example.', { ...known, voluntary }]]),
  }
  assert.deepEqual(story(world, 8, prober), {
    sets: 'A*4 B*4',
    causes: 'held voluntary',
    reason: 'kept: both main addresses are good; the first is published',
  })
  const second = newProber(new Map())
  for (let i = 0; i < 7; i++) live(second, world)
  second.state = {
    ...second.state,
    domains: new Map([...second.state.domains, ['a.example.', { ...known, voluntary }]]),
  }
  const held = 'kept: the last voluntary switch was 240 s ago, the next must be 300 s after it'
  assert.equal(story(world, 4, second).reason, held)
})

test('damping 8.2, failback: what was down twice within the hour stays away for 2 min, the third time for 4', () => {
  const world = worldOf({ ip: [A], backup: [Z] }, i => ({ [A]: i === 5 || i === 20 ? null : 0.3, [Z]: 0.1 }))
  assert.equal(story(world, 40).sets, 'A*5 Z*5 A*10 Z*5 A*15')
  const thrice = worldOf({ ip: [A], backup: [Z] }, i => ({ [A]: [5, 20, 35].includes(i) ? null : 0.3, [Z]: 0.1 }))
  const prober = newProber(new Map())
  assert.equal(story(thrice, 39, prober).sets, 'A*5 Z*5 A*10 Z*5 A*10 Z*4')
  assert.match(
    story(thrice, 1, prober).reason,
    /^kept: 192\.0\.2\.1 is to be had, .* which was down, stays away for 120 s more$/,
  )
})
