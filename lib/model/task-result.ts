import Type from 'typebox'
import { orNull, recordType } from './record-type.ts'

/** What has become of a task (B44, B45): what `bootctl tasks` writes. */
export const TaskResult = recordType('result', 'how far a task of a server is, or how it ended', {
  id: Type.String({ description: 'of the task' }),
  name: orNull(Type.String(), 'the agent it is for; null: bootagent itself, or it was not understood'),
  since: orNull(Type.String(), 'when it was begun, RFC 3339 UTC; null: it is not being done'),
  errcode: Type.Integer({ description: '0: done; below: not yet; above: why it failed' }),
  errname: Type.String({ description: 'the name of the errcode' }),
  message: Type.String({ description: 'what there is to say of it' }),
})

/** See the schema. */
export type TaskResult = Type.Static<typeof TaskResult>
