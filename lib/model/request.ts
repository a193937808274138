import Type from 'typebox'
import { Count, orNull, recordType, Seconds } from './record-type.ts'

/** One request that serve-anyhost answered. */
export const HttpRequest = recordType('request', 'a line of the access log of serve-anyhost', {
  time: Type.String({ description: 'when the answer ended, RFC 3339 UTC' }),
  client: Type.String({ description: 'the address of the client' }),
  method: orNull(Type.String(), 'null: the request could not be read'),
  path: orNull(Type.String(), 'as requested; null: the request could not be read'),
  status: Type.Integer({ description: 'the HTTP status of the answer' }),
  bytes: Count('bytes of the answer after its header'),
  seconds: Seconds('request read to answer sent'),
  complete: Type.Boolean({ description: 'false: the client went, or was too slow, before it had everything' }),
})

/** See the schema. */
export type HttpRequest = Type.Static<typeof HttpRequest>
