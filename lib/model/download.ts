import Type from 'typebox'
import { Count, orNull, recordType, Seconds } from './record-type.ts'

/** What `ftp-get` is asked for on standard input. */
export const Download = recordType('download', 'a file that is to be fetched', {
  url: Type.String({ description: 'ftp, ftps, http, https or file' }),
  output: Type.Optional(orNull(Type.String(), 'the file or directory it goes to; null: as -o says')),
  checksum: Type.Optional(orNull(Type.String(), 'SHA256: and 64 hexadecimal digits; null: not verified')),
  speed: Type.Optional(orNull(Type.Number({ minimum: 0 }), 'at most so many KB a second; null: as -r says')),
})

/** See the schema. */
export type Download = Type.Static<typeof Download>

/** What `ftp-get` has fetched. */
export const File = recordType('file', 'a file that was fetched, whole', {
  url: Type.String({ description: 'where it came from, without its login' }),
  path: Type.String({ description: 'where it is' }),
  bytes: Count('its size'),
  sha256: Type.String({ description: 'of the whole of it, in hexadecimal' }),
  verified: Type.Boolean({ description: 'a checksum was asked for, and it is this one' }),
  resumed: Count('so many of its bytes were there from an earlier attempt'),
  seconds: Seconds('how long it took'),
})

/** See the schema. */
export type File = Type.Static<typeof File>
