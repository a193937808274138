import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Target } from '../../../../lib/model/target.ts'
import { parseState, renderState } from '../../../../lib/origin/damping/state.ts'
import { type Answer, live, newProber, setsOf, targetOf, type World } from './replay-world.ts'

const IPS = [1, 2, 3, 4, 5, 6].map(i => `192.0.2.${i}`)
const WORDS = ['no', 'yes', 'wild', null]

const someIps = fc.subarray(IPS, { minLength: 1, maxLength: 4 })

const anyTarget: fc.Arbitrary<Partial<Target>> = fc.record({
  ip: someIps,
  backup: fc.oneof(fc.constant<string[]>([]), someIps),
  publish: fc.integer({ min: 0, max: 3 }),
  backup_word: fc.constantFrom(...WORDS),
  sort: fc.boolean(),
  detect: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  margin: fc.constantFrom(null, 5, 50),
  good_time: fc.constantFrom(0, 0.3, 1, 2.9),
})

const anyAnswer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: 0.01, max: 2.9, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(null) },
)

type Story = typeof anyStory extends fc.Arbitrary<infer S> ? S : never

/** A few domains, what each address answers in each round, which rounds are blind, which are installed. */
const anyStory = fc.record({
  targets: fc.array(anyTarget, { minLength: 1, maxLength: 4 }),
  answers: fc.array(fc.array(anyAnswer, { minLength: IPS.length, maxLength: IPS.length }), {
    minLength: 1,
    maxLength: 14,
  }),
  blind: fc.array(fc.boolean(), { maxLength: 14 }),
  refused: fc.array(fc.boolean(), { maxLength: 14 }),
  installed: fc.boolean(),
  shared: fc.boolean(),
})

function worldOf({ targets, answers, blind, shared }: Story): World {
  return {
    targets: targets.map((fields, i) => targetOf(`d${i}.example.`, [], fields)),
    answer: (ip, round) => answers[round]?.[IPS.indexOf(ip)] ?? null,
    blind: round => (blind[round] ? 'the gateway does not answer' : null),
    shared,
  }
}

test('damping, invariant: whatever happens something is published, unless the backup word is yes', () => {
  fc.assert(
    fc.property(anyStory, story => {
      const world = worldOf(story)
      const prober = newProber(story.installed ? new Map() : null)
      for (let i = 0; i < story.answers.length; i++) {
        const result = live(prober, world, {}, ({ round }) => !round.blind && !story.refused[i])
        for (const [k, { domain, addresses, cname, silent }] of result.rankings.entries()) {
          const target = world.targets[k]
          const active = addresses.filter(address => address.active)
          const isSilent = target?.backup_word === 'yes' && target.backup.length === 0
          assert.ok(active.length > 0 || cname !== null || isSilent, `${domain} is empty in round ${i}`)
          assert.ok(cname === null || active.length === 0, `${domain} has a CNAME and addresses`)
          assert.equal(new Set(active.map(({ ip }) => ip)).size, active.length, `${domain} has an address twice`)
          assert.ok(!silent || active.length === 0)
          assert.ok(active.every(({ status }) => status !== 'ip_good'))
        }
      }
    }),
    { numRuns: 400 },
  )
})

test('damping, invariant: a held round changes no published set and no unit', () => {
  fc.assert(
    fc.property(anyStory, story => {
      const world = worldOf(story)
      const prober = newProber(story.installed ? new Map() : null)
      let before: Record<string, string> | undefined
      for (let i = 0; i < story.answers.length; i++) {
        const { units } = prober.state
        const result = live(prober, world)
        const sets = setsOf(result)
        if (result.round.blind) {
          assert.equal(prober.state.units, units)
          if (before !== undefined) assert.deepEqual(sets, before)
          assert.deepEqual(
            result.alerts.map(({ key }) => key),
            ['rank-ips blind'],
          )
        }
        if (!result.round.blind || before !== undefined) before = sets
      }
    }),
    { numRuns: 300 },
  )
})

test('damping, invariant: the same rounds give the same rankings, and a state read again is the same state', () => {
  fc.assert(
    fc.property(anyStory, story => {
      const world = worldOf(story)
      const [one, two] = [newProber(new Map()), newProber(new Map())]
      for (let i = 0; i < story.answers.length; i++) {
        assert.deepEqual(live(one, world), live(two, world))
        const parsed = parseState(renderState(one.state), 'state')
        assert.deepEqual(parsed, { state: one.state, fault: null })
        one.state = parsed.state
      }
    }),
    { numRuns: 100 },
  )
})

test('damping, invariant: a change is told as one, and has a cause', () => {
  fc.assert(
    fc.property(anyStory, story => {
      const world = worldOf(story)
      const prober = newProber(new Map())
      for (let i = 0; i < story.answers.length; i++) {
        const before = prober.installed
        for (const { domain, changed, cause, gain, addresses, cname } of live(prober, world).rankings) {
          const known = before?.get(domain)
          const ips = addresses.filter(({ active }) => active).map(({ ip }) => ip)
          const same = (known?.cname ?? null) === cname && [...(known?.ips ?? [])].sort().join() === ips.sort().join()
          assert.equal(changed, !same, domain)
          assert.equal(['same', 'held'].includes(cause), same, `${domain} ${cause}`)
          assert.ok(gain >= 0 && (gain === 0 || cause === 'voluntary'))
        }
      }
    }),
    { numRuns: 300 },
  )
})
