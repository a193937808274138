import Type from 'typebox'
import { Count, orNull, recordType, Seconds } from './record-type.ts'

const Counters = Type.Tuple([Count('tasknum'), Count('taskrun'), Count('taskfail'), Count('taskpass')])

/** What a host says of itself at one moment: `bootctl report` writes it, `agent-report` brings it to a server (B53). */
export const Snapshot = recordType('snapshot', 'what a host reports', {
  hostname: Type.String({ description: 'of the host' }),
  agentsn: Type.String({ description: 'the UUID of the host' }),
  registered: Type.Boolean({ description: 'a server has answered a status report under this agentsn' }),
  run: Type.Optional(Type.String({ description: 'tells one run of agent-spawn from another' })),
  servers: Type.Array(Type.String(), { description: 'HOST:PORT, in the order they are tried (B55)' }),
  gzip: Type.Optional(orNull(Type.String(), 'the server whose last reply said that it takes gzip (B67); null: none')),
  version: Type.String({ description: 'of bootagent' }),
  feature: Count('bit 0: cgroup'),
  uptime: Count('seconds since agent-spawn began'),
  step: Count('seconds between two reports'),
  stats: Type.Object({ task: Counters }, { description: 'tasknum, taskrun, taskfail, taskpass (B47)' }),
  agents: Type.Array(
    Type.Object({
      name: Type.String(),
      version: Type.String(),
      status: Type.String(),
      uptime: Count('seconds'),
      resource: Type.Optional(
        Type.Object({
          cpu: orNull(Type.Number(), 'percent of one core'),
          rss: orNull(Type.Number(), 'KB'),
          fds: orNull(Type.Number(), 'descriptors'),
        }),
      ),
    }),
  ),
  tasks: Type.Array(Type.Object({ id: Type.String(), errcode: Type.Integer(), message: Type.String() })),
  events: Type.Array(
    Type.Object({
      id: Count('LocalID'),
      timestamp: Type.Integer({ description: 'seconds since the epoch' }),
      category: Type.String(),
      subject: orNull(Type.String()),
      extra: orNull(Type.String()),
      message: Type.String(),
    }),
  ),
})

/** See the schema. */
export type Snapshot = Type.Static<typeof Snapshot>

/** What came of a report: what it carried is delivered, and may be forgotten. */
export const Reply = recordType('reply', 'the answer of a server to a report', {
  server: Type.String({ description: 'which one answered' }),
  agentsn: Type.String({ description: 'under which the host is known now' }),
  run: Type.Optional(orNull(Type.String(), 'of the snapshot; null: it had none')),
  tags: orNull(Type.String(), 'as the registration gave them; null: it was none'),
  status: Type.Integer({ description: 'of the reply; 0 is success' }),
  message: orNull(Type.String(), 'of the reply'),
  events: Count('the id of the last event that was delivered; 0: none'),
  tasks: Type.Array(Type.String(), { description: 'the ids of the task results that were delivered in an end state' }),
  offered: Count('tasks that the reply carried, with those that are not passed on'),
  gzip: Type.Boolean({ description: 'the server said that it takes gzip: for the next snapshot (B67)' }),
  seconds: Seconds('how long it took'),
})

/** See the schema. */
export type Reply = Type.Static<typeof Reply>

/** What a server wants done, as it came (B33 to B48); other fields travel along. */
export const Task = recordType('task', 'what a server wants done', {
  id: Type.String({ description: 'its name in the results; at most 127 bytes' }),
  action: Type.String({ description: 'install, upgrade, uninstall, program, config, start, stop or restart' }),
})

/** See the schema. */
export type Task = Type.Static<typeof Task>
