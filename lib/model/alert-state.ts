import Type from 'typebox'
import { Count, oneOf, orNull, recordType } from './record-type.ts'

const Time = (description: string) => Type.Number({ description: `${description}, seconds since the epoch` })

/** One alert that `mail-alert` remembers, from its first coming to some time after its all-clear. */
export const KnownAlert = Type.Object({
  level: oneOf(['warning', 'fatal'], 'how bad it is'),
  command: orNull(Type.String(), 'who met it; null: a line of text that names nobody'),
  message: Type.String({ description: 'as it came in last' }),
  place: orNull(Type.String(), 'the file and line it is about'),
  first: Time('when it came in first'),
  last: Time('when it came in last'),
  count: Count('how often it came in since then'),
  pending: Type.Boolean({ description: 'to be mailed, though it no longer comes in: the last mail could not be sent' }),
  mailed: orNull(Time('when it was mailed last'), 'null: never'),
  cleared: orNull(Time('when its all-clear was mailed'), 'null: it is in force'),
  returns: Count('how often it came back soon after an all-clear: each doubles the wait for the next one'),
})

/** See the schema. */
export type KnownAlert = Type.Static<typeof KnownAlert>

/** The state file of `mail-alert`, one record: what it remembers, by the alert's key. */
export const AlertState = recordType('alert-state', 'the state file of mail-alert', {
  version: Type.Literal(1, { description: 'of the format' }),
  alerts: Type.Record(Type.String(), KnownAlert, { description: 'what it remembers, by the key of the alert' }),
})

/** See the schema. */
export type AlertState = Type.Static<typeof AlertState>
