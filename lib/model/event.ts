import Type from 'typebox'
import { Count, oneOf, orNull, recordType, Seconds } from './record-type.ts'

/** What an event tells of (B51). */
export const EVENT_KINDS = [
  'start', // a process was started
  'adopt', // a running process was taken over
  'running', // up for startsecs
  'exit', // an end that is normal, or was asked for
  'abnormal', // an end that is not, or within 15 minutes of the start
  'restart', // will be started again, when
  'fatal', // given up
  'killed', // over a limit
  'check', // a failed check
  'oom', // the kernel killed for memory
  'task', // a task of a server was begun, or has ended
  'config', // a configuration was read, changed, refused or removed
  'daemon', // agent-spawn itself
] as const

/** See EVENT_KINDS. */
export type EventKind = (typeof EVENT_KINDS)[number]

/** How a process ended: what an event of an end carries as its evidence. */
export const Evidence = Type.Object({
  pid: Type.Integer({ description: 'the process that ended' }),
  code: orNull(Type.Integer(), 'its exit status; null: it ended by a signal, or it was no child of ours'),
  signal: orNull(Type.String(), 'the signal that ended it'),
  oom: Type.Boolean({ description: 'the kernel killed in its group for want of memory' }),
  ran: Seconds('how long it ran'),
  usage: Type.Object({
    cpu: orNull(Type.Number(), 'percent of one core at the last look'),
    rss: orNull(Type.Number(), 'KB at the last look'),
    fds: orNull(Type.Number(), 'descriptors at the last look'),
  }),
  limits: Type.Record(Type.String(), Type.Number(), {
    description: 'the limits it ran under: CPU, MEM, FDS, cgroup.CPU, cgroup.MEM',
  }),
  stderr: Type.Array(Type.String(), { description: 'the last lines it wrote' }),
})

/** See the schema. */
export type Evidence = Type.Static<typeof Evidence>

/** One thing that happened, as it is reported (B51): known by AgentSN, timestamp and id. */
export const Event = recordType('event', 'one thing that happened to an agent', {
  id: Count('counts from 1 after each start of agent-spawn (LocalID)'),
  timestamp: Type.Integer({ description: 'when, in seconds since the epoch' }),
  category: Type.Literal('agent'),
  subject: orNull(Type.String(), 'the agent; null: agent-spawn itself'),
  extra: orNull(Type.String(), 'the version of the agent'),
  kind: oneOf([...EVENT_KINDS], 'what it tells of'),
  message: Type.String({ description: 'what happened, in words' }),
  evidence: Type.Optional(Evidence),
})

/** See the schema. */
export type Event = Type.Static<typeof Event>
