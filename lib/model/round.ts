import Type from 'typebox'
import { Count, oneOf, orNull, recordType, Seconds } from './record-type.ts'

/**
 * The closing record of a round. Its absence tells the next command that its input was cut short; its numbers are what
 * the guard against mass changes judges by (damping 8.2, 8.3: failure is counted in distinct units).
 */
export const Round = recordType('round', 'the closing record of a round', {
  by: oneOf(['probe-ips', 'rank-ips'], 'who closed it'),
  time: Type.String({ description: 'when it was closed, RFC 3339 UTC' }),
  domains: Count('targets (probe-ips) or rankings (rank-ips) before this record'),
  units: Count('distinct requests measured'),
  ok: Count('of these, answered acceptably'),
  suspect: Count('of these, measured while this host was too busy'),
  seconds: Seconds('how long the probing took'),
  bytes: Count('bytes of bodies received'),
  blind: Type.Boolean({ description: 'this host cannot judge: nothing new may be published' }),
  blind_reason: orNull(Type.String(), 'why'),
  up_before: Count('rank-ips: units that were up before this round'),
  newly_down: Count('rank-ips: of these, failing now'),
  mass_rounds: Count('rank-ips: for how many rounds in a row a mass failure has been seen'),
  confirmed: Type.Boolean({
    description:
      'rank-ips: a mass failure was believed: after enough rounds, as the peer agrees, or as one address alone explains it',
  }),
  config_changed: Type.Boolean({ description: 'rank-ips: the configuration differs from the round before' }),
})

/** See the schema. */
export type Round = Type.Static<typeof Round>
