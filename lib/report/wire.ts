import type { Snapshot } from '../model/report.ts'

/** What a host says of itself when it is not known yet (B52). */
export interface Register {
  readonly hostname: string
  /** The local address of the connection. */
  readonly ipaddr: string
  readonly agentsn: string
}

/** The body of POST /api/v1/agent/register (B52). */
export function renderRegister({ hostname, ipaddr, agentsn }: Register): string {
  return JSON.stringify({ hostname, ipaddr, agentsn })
}

/** All of a status report but its lists, as JSON texts. */
export interface StatusParts {
  readonly head: string
  readonly agents: readonly string[]
  readonly tasks: readonly string[]
  readonly events: readonly string[]
}

/** The body of POST /api/v1/agent/status (B53), from its parts. */
export function renderStatus({ head, agents, tasks, events }: StatusParts): string {
  return `${head.slice(0, -1)},"agents":[${agents.join(',')}],"tasks":[${tasks.join(',')}],"events":[${events.join(',')}]}`
}

/** What comes before the lists, in the order of the protocol; `timestamp` in seconds since the epoch (B53). */
export function renderHead(snapshot: Snapshot, agentsn: string, timestamp: number): string {
  const { hostname, version, feature, uptime, step, stats } = snapshot
  return JSON.stringify({ hostname, agentsn, version, feature, uptime, timestamp, step, stats: { task: stats.task } })
}

/** One agent (B53), with what it uses (B68) after the fields of the protocol. */
export function renderAgent({ name, version, status, uptime, resource }: Snapshot['agents'][number]): string {
  const used = resource === undefined ? {} : { resource: { cpu: resource.cpu, rss: resource.rss, fds: resource.fds } }
  return JSON.stringify({ name, version, status, uptime, ...used })
}

/** What became of a task, or how far it is (B45, B53). */
export function renderTask({ id, errcode, message }: Snapshot['tasks'][number]): string {
  return JSON.stringify({ id, errcode, message })
}

/** One event (B51); its id, with which it can be told from any other, stands after the fields of the protocol. */
export function renderEvent({ timestamp, category, subject, extra, message, id }: Snapshot['events'][number]): string {
  const about = { ...(subject === null ? {} : { subject }), ...(extra === null ? {} : { extra }) }
  return JSON.stringify({ timestamp, category, ...about, message, id })
}

/** What JSON texts of a list take in bytes, each with the comma that parts it from the next one. */
export function sizeOfAll(texts: readonly string[]): number {
  return texts.reduce((total, text) => total + sizeOf(text), 0)
}

/** The same of one. */
export function sizeOf(text: string): number {
  return Buffer.byteLength(text) + 1
}
