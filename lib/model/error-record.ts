import Type from 'typebox'
import { oneOf, orNull, recordType } from './record-type.ts'

/** A fault on its way to `mail-alert`, which stands at the end of the pipe. */
export const ErrorRecord = recordType('error', 'a fault, for mail-alert', {
  command: Type.String({ description: 'who met it' }),
  level: oneOf(['warning', 'fatal'], 'how bad it is'),
  message: Type.String({ description: 'the fault in words' }),
  key: Type.Optional(
    Type.String({
      description: 'what makes it the same alert; absent: the command and the message without its numbers',
    }),
  ),
  file: Type.Optional(orNull(Type.String(), 'the file it is about')),
  line: Type.Optional(orNull(Type.Integer(), 'the line it is about, from 1')),
  record: Type.Optional(Type.Unknown({ description: 'the record it is about' })),
  time: Type.String({ description: 'when, RFC 3339 UTC' }),
})

/** See the schema. */
export type ErrorRecord = Type.Static<typeof ErrorRecord>
