import Type from 'typebox'
import { Count, oneOf, orNull, recordType, Seconds } from './record-type.ts'

const Serial = (description: string) => Type.Integer({ minimum: 0, maximum: 0xffffffff, description })

/** Why a zone file was written, in the record and in its end marker. */
const ZONE_REASONS = ['first', 'failure', 'recovery', 'edited', 'voluntary', 'forced'] as const

/** See ZONE_REASONS. */
export type ZoneReason = (typeof ZONE_REASONS)[number]

/** What write-anyhost did to a zone file. */
export const Zone = recordType('zone', 'the zone file after write-anyhost', {
  file: Type.String({ description: 'the installed file, symbolic links resolved' }),
  serial: Serial('its SOA serial'),
  domains: Count('owners with at least one line'),
  records: Count('active records'),
  changed: Type.Boolean({ description: 'the set of active records changed, and the file with it' }),
  changed_domains: Count('domains whose active records changed'),
  clipped: Count('voluntary changes put off to a later round'),
  reason: orNull(oneOf(ZONE_REASONS, 'the main cause of the change')),
  dry_run: Type.Boolean({ description: 'nothing was written: what would have been' }),
  previous: orNull(Type.String(), 'the file that holds the version before'),
})

/** See the schema. */
export type Zone = Type.Static<typeof Zone>

/** What fetch-anyhost got, from whom. */
export const Fetch = recordType('fetch', 'the zone file after fetch-anyhost', {
  file: Type.String({ description: 'the installed file, symbolic links resolved' }),
  server: orNull(Type.String(), 'the URL that gave it; null where none did'),
  serial: orNull(Serial('its SOA serial'), 'null: there is no file'),
  domains: Count('owners with at least one line'),
  records: Count('active records'),
  changed: Type.Boolean({ description: 'a new file was installed' }),
  current: Type.Boolean({ description: 'the installed file is what the server has' }),
  bytes: Count('bytes received'),
  seconds: Seconds('how long it took'),
  previous: orNull(Type.String(), 'the file that holds the version before'),
})

/** See the schema. */
export type Fetch = Type.Static<typeof Fetch>

/** What named made of the file. */
export const Reload = recordType('reload', 'what named made of a changed file', {
  file: Type.String({ description: 'the zone file' }),
  how: oneOf(['reload', 'restart', 'restored'], 'what was done in the end'),
  asked: Serial('the serial of the file'),
  served: orNull(Serial('the serial named answers with'), 'null: named does not answer'),
  ok: Type.Boolean({ description: 'named serves the serial asked for' }),
  seconds: Seconds('how long it took'),
  message: orNull(Type.String(), 'what went wrong'),
})

/** See the schema. */
export type Reload = Type.Static<typeof Reload>
