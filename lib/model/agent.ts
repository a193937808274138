import Type from 'typebox'
import { Count, oneOf, orNull, recordType, Seconds } from './record-type.ts'

/** The states of an agent; `stoped` is spelled so on the wire (B32). */
export const AGENT_STATES = ['stoped', 'starting', 'running', 'stopping', 'backoff', 'killed', 'fatal'] as const

/** See AGENT_STATES. */
export type AgentState = (typeof AGENT_STATES)[number]

/** What `bootctl status` tells of one agent (B58). */
export const Agent = recordType('agent', 'one agent as agent-spawn holds it', {
  name: Type.String({ description: 'its name' }),
  version: Type.String({ description: 'its version, from its configuration' }),
  status: oneOf([...AGENT_STATES], 'its state'),
  since: Type.String({ description: 'when it came into this state, RFC 3339 UTC' }),
  pid: orNull(Type.Integer({ minimum: 1 }), 'its main process'),
  adopted: Type.Boolean({ description: 'the process was found running, not started by this agent-spawn' }),
  uptime: Seconds('how long the process has run; 0 where there is none'),
  restarts: Count('how often it was started again since agent-spawn began'),
  failures: Count('failed starts and abnormal ends in a row'),
  next: orNull(Type.String(), 'when the state changes by itself (a restart, a SIGKILL), RFC 3339 UTC'),
  cpu: orNull(Type.Number({ minimum: 0 }), 'percent of one core, over the process tree, since the last look'),
  rss: orNull(Count('KB of resident memory over the process tree')),
  fds: orNull(Count('open file descriptors over the process tree')),
  last: orNull(Type.String(), 'the message of its last event'),
})

/** See the schema. */
export type Agent = Type.Static<typeof Agent>
