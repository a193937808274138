import type { ServedFile } from './serve-file.ts'

/** What is counted while serving. */
export interface Counters {
  /** Answers by HTTP status. */
  readonly answers: Map<number, number>
  bytes: number
  seconds: number
  /** Open now. */
  connections: number
  refusedConnections: number
  /** Records of the access log that its reader did not take. */
  readonly droppedRecords: number
}

/** What the answers about the server itself are made from. */
export interface Situation {
  readonly path: string
  readonly file: Pick<ServedFile, 'version' | 'problem' | 'taken' | 'refused'>
  readonly counters: Counters
  /** Seconds since the epoch. */
  readonly started: number
  readonly now: number
  /** The oldest a healthy file may be, in seconds. */
  readonly maxAge: number
}

/** Why the server is not healthy, or undefined when it is: the file is there, valid, and younger than the limit. Pure. */
export function illnessOf({ file: { version, problem }, now, maxAge }: Situation): string | undefined {
  if (problem !== undefined) return problem
  if (version === undefined) return 'not read yet'
  const age = now - version.lastModifiedMs / 1000
  return age > maxAge ? `unchanged for ${Math.floor(age)} seconds, more than ${maxAge}` : undefined
}

/** The text of `/status`: one JSON object. Pure. */
export function renderStatus(situation: Situation): string {
  const { path, file, counters, started, now } = situation
  const { version, problem } = file
  const illness = illnessOf(situation)
  return JSON.stringify({
    file: path,
    healthy: illness === undefined,
    illness: illness ?? null,
    serial: version?.serial ?? null,
    age: version === undefined ? null : Math.max(0, round(now - version.lastModifiedMs / 1000)),
    last_modified: version === undefined ? null : new Date(version.lastModifiedMs).toISOString(),
    domains: version?.domains ?? null,
    records: version?.records ?? null,
    reason: version?.reason ?? null,
    bytes: version?.plain.body.length ?? null,
    etag: version?.plain.etag ?? null,
    problem: problem ?? null,
    requests: requestsOf(counters),
    connections: counters.connections,
    uptime: round(now - started),
  })
}

/** The text of `/metrics`, in the Prometheus text format. Pure. */
export function renderMetrics(situation: Situation): string {
  const { file, counters, started } = situation
  const { version } = file
  const answers = [...counters.answers].sort(([a], [b]) => a - b)
  const samples = answers.map(([status, count]) => [`{code="${status}"}`, count] as const)
  return [
    metric('anyhost_healthy', 'gauge', '1 when the file is there, valid and young enough, else 0', [
      ['', illnessOf(situation) === undefined ? 1 : 0],
    ]),
    ...(version === undefined
      ? []
      : [
          single('anyhost_serial', 'gauge', 'SOA serial of the version that is served', version.serial),
          single('anyhost_domains', 'gauge', 'Owner names of the version that is served', version.domains),
          single('anyhost_active_records', 'gauge', 'Active records of the version that is served', version.records),
          single('anyhost_size_bytes', 'gauge', 'Size of the version that is served', version.plain.body.length),
          single(
            'anyhost_last_modified_timestamp_seconds',
            'gauge',
            'When the version that is served was modified',
            version.lastModifiedMs / 1000,
          ),
        ]),
    single('anyhost_versions_taken_total', 'counter', 'Versions of the file taken into service', file.taken),
    single('anyhost_versions_refused_total', 'counter', 'Times the file became missing, torn or invalid', file.refused),
    metric('anyhost_http_requests_total', 'counter', 'Requests answered, by HTTP status', samples),
    single('anyhost_http_response_bytes_total', 'counter', 'Bytes of the answers after their headers', counters.bytes),
    single('anyhost_http_seconds_total', 'counter', 'Time from requests read to answers sent', counters.seconds),
    single('anyhost_connections', 'gauge', 'Open connections', counters.connections),
    single(
      'anyhost_connections_refused_total',
      'counter',
      'Connections refused because there were too many',
      counters.refusedConnections,
    ),
    single(
      'anyhost_log_records_dropped_total',
      'counter',
      'Records of the access log that its reader did not take',
      counters.droppedRecords,
    ),
    single('process_start_time_seconds', 'gauge', 'When the server was started', started),
  ].join('')
}

/** How many requests were answered, whatever their status. Pure. */
function requestsOf({ answers }: Pick<Counters, 'answers'>): number {
  return [...answers.values()].reduce((sum, count) => sum + count, 0)
}

type Samples = readonly (readonly [labels: string, value: number])[]

function single(name: string, type: 'counter' | 'gauge', help: string, value: number): string {
  return metric(name, type, help, [['', value]])
}

function metric(name: string, type: 'counter' | 'gauge', help: string, samples: Samples): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`).join('')
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines}`
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
