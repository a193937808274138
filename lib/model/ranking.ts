import Type from 'typebox'
import { oneOf, orNull, recordType, Seconds } from './record-type.ts'
import { STATUSES } from './statuses.ts'

/** The case of the decision table (formats, 9) that applied; `hold`: the published set was kept by the damping. */
const CASES = ['A1', 'A2', 'A3', 'B', 'C', 'D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'last'] as const

/** Why the published set differs from the one before, or does not. */
export const CAUSES = ['first', 'same', 'held', 'voluntary', 'failure', 'recovery', 'edited'] as const

const Address = Type.Object({
  ip: Type.String({ description: 'the address' }),
  kind: oneOf(['ip', 'backup'], 'main (or resolved), or backup'),
  status: oneOf(STATUSES, 'the status word of the zone file'),
  active: Type.Boolean({ description: 'published; otherwise a comment line' }),
  time: orNull(Seconds('the raw total of this round'), 'null: never connected, or not measured'),
  code: Type.String({ pattern: '^\\d{3}$', description: 'the HTTP status; 000 where there was none' }),
  slow: Type.Boolean({ description: 'slower than the warn time: flag Y' }),
  score: Type.Optional(orNull(Type.Number({ description: 'seconds, what the order was made from' }))),
  flapping: Type.Optional(Type.Boolean({ description: 'left the published set too often' })),
})

/** One address of a ranking, in the order of the zone file. */
export type RankedAddress = Type.Static<typeof Address>

/** One domain, decided: its addresses in the order of the zone file, and why. */
export const Ranking = recordType('ranking', 'the decision on one domain', {
  domain: Type.String({ description: 'the owner name, with its final dot' }),
  case: oneOf(CASES, 'the case of the decision table'),
  cname: orNull(Type.String(), 'publish a CNAME to this word (cases A2 and D4)'),
  addresses: Type.Array(Address, { description: 'in the order of the zone file' }),
  silent: Type.Boolean({ description: 'the configuration (backup word yes) allows that nothing is published' }),
  reason: Type.String({ description: 'why, in words' }),
  cause: oneOf(CAUSES, 'what kind of change this is against the published set'),
  gain: Type.Number({ description: 'seconds saved by a voluntary change, else 0' }),
  changed: Type.Boolean({ description: 'the set of active records differs from the published one, as far as known' }),
})

/** See the schema. */
export type Ranking = Type.Static<typeof Ranking>
