import Type from 'typebox'
import { CAUSES } from './ranking.ts'
import { Count, oneOf, orNull, recordType, Seconds } from './record-type.ts'

/** The version of the state file; a file of another one is not read. */
export const STATE_VERSION = 2

const Addresses = (description: string) => Type.Array(Type.String(), { description })
const Moment = (description: string) => Type.Number({ description: `${description}, seconds since the epoch` })

/** The first line of a state file: how many lines follow, so that a torn file is known for one. */
export const StateHeader = recordType('damping-state', 'the first line of the state file of rank-ips', {
  version: Type.Integer({ description: 'of the format' }),
  round: Count('rounds ranked so far'),
  time: Moment('when the last one was'),
  mass_rounds: Count('for how many rounds in a row a mass failure has been held'),
  config: Type.String({ description: 'a hash of all targets' }),
  units: Count('unit-state lines that follow'),
  domains: Count('domain-state lines that follow'),
})

/** See the schema. */
export type StateHeader = Type.Static<typeof StateHeader>

/** One measured result: seconds; true: it answered, but the time is not to be trusted; null: it failed. */
const Result = Type.Union([Type.Number({ minimum: 0 }), Type.Literal(true), Type.Null()])

/** See the schema. */
export type Result = Type.Static<typeof Result>

/** What is remembered of one distinct request (damping 8.2, health). */
export const UnitState = recordType('unit-state', 'the health of one distinct request', {
  unit: Type.String({ description: 'as in the probe records' }),
  ip: Type.String({ description: 'the address' }),
  up: Type.Boolean({ description: 'not down' }),
  results: Type.Array(Result, {
    description: 'the last results, oldest first: seconds, true (no time), null (failed)',
  }),
  streak: Type.Integer({
    description: 'results of one kind in a row, 5 at most: successes positive, failures negative',
  }),
  since: Moment('up or down since'),
  downs: Type.Array(Moment('went down'), { description: 'within the last hour' }),
  ewma: orNull(Seconds('the moving average'), 'null without --score ewma'),
  seen: Moment('last measured'),
})

/** See the schema. */
export type UnitState = Type.Static<typeof UnitState>

/** What is or shall be published for a domain: addresses, or a CNAME, or nothing. */
export const AddressSet = Type.Object(
  {
    ips: Addresses('the addresses'),
    cname: orNull(Type.String(), 'the word of the CNAME'),
  },
  { description: 'a set of addresses, or a CNAME' },
)

/** See the schema. */
export type AddressSet = Type.Static<typeof AddressSet>

/** What is remembered of one domain (damping 8.2, switch). */
export const DomainState = recordType('domain-state', 'the published set of one domain and what may replace it', {
  domain: Type.String({ description: 'as in the target' }),
  seen: Moment('last ranked'),
  config: Type.String({ description: 'a hash of its target, as of the last set that went into force' }),
  published: orNull(AddressSet, 'in force as of the last round; null: not known'),
  since: Moment('in force since'),
  decided: AddressSet,
  decided_at: Moment('when it was decided'),
  cause: oneOf(CAUSES, 'why it was decided'),
  reason: Type.String({ description: 'why, in words' }),
  voluntary: orNull(Moment('the last voluntary switch'), 'null: none'),
  candidate: Addresses('the set that was faster'),
  faster: Count('rounds in a row it was faster by the margin'),
  better: Count('rounds in a row a set from a better step was to be had'),
  bad: Type.Record(Type.String(), Type.Integer(), {
    description: 'members: rounds in a row bad, with a good one to be had',
  }),
  good: Addresses('good in the last round; the class has hysteresis'),
  verified: Addresses('the last set whose members all answered'),
  verified_at: orNull(Moment('when'), 'null: never'),
  left: Type.Record(Type.String(), Type.Array(Type.Integer()), {
    description: 'in which rounds an address left the set',
  }),
  units: Type.Array(Type.String(), { description: 'the units of its addresses' }),
  timeout: Seconds('what a failure counts in the score'),
  good_time: Seconds('strictly faster is good'),
})

/** See the schema. */
export type DomainState = Type.Static<typeof DomainState>

/** The whole state between two rounds. */
export interface DampingState {
  readonly header: Omit<StateHeader, 'units' | 'domains'>
  readonly units: ReadonlyMap<string, UnitState>
  readonly domains: ReadonlyMap<string, DomainState>
}
