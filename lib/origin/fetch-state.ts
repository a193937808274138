/** What is remembered between two runs of fetch-anyhost. */
export interface FetchState {
  /** The server in use; null: the first one. */
  readonly server: string | null
  /** Its failures in a row. */
  readonly failures: number
  /** Since when no fetch has succeeded, RFC 3339; null: the last one did. */
  readonly failingSince: string | null
  /** How many of the alerts of this time of failing have been raised. */
  readonly alerts: number
  /** What the installed file agrees with at that server; null: nothing that can be asked for. */
  readonly etag: string | null
  readonly lastModified: string | null
  readonly installed: Installed | null
}

/** The installed file, so that a run that changes nothing need not read it. */
export interface Installed {
  /** Its device, inode, size and mtime: another stamp, another file. */
  readonly stamp: string
  readonly serial: number
  readonly domains: number
  readonly records: number
}

/** The state of a first run. */
export const FRESH: FetchState = {
  server: null,
  failures: 0,
  failingSince: null,
  alerts: 0,
  etag: null,
  lastModified: null,
  installed: null,
}

/** Reads the state file; throws a plain Error that names the field. Unknown fields are passed over. Pure. */
export function parseState(text: string): FetchState {
  const fields = toFields(JSON.parse(text), 'it')
  const installed = fields['installed'] ?? null
  return {
    server: toText(fields, 'server'),
    failures: toNumber(fields, 'failures'),
    failingSince: toText(fields, 'failing_since'),
    alerts: toNumber(fields, 'alerts'),
    etag: toText(fields, 'etag'),
    lastModified: toText(fields, 'last_modified'),
    installed: installed === null ? null : toInstalled(toFields(installed, "'installed'")),
  }
}

/** The text of the state file. Pure. */
export function renderState(state: FetchState): string {
  const { failingSince, lastModified, ...same } = state
  return `${JSON.stringify({ ...same, failing_since: failingSince, last_modified: lastModified }, null, 1)}\n`
}

type Fields = Readonly<Record<string, unknown>>

function toFields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is not an object`)
  return value as Fields
}

function toText(fields: Fields, name: string): string | null {
  const value = fields[name] ?? null
  if (value !== null && typeof value !== 'string') throw new Error(`'${name}' is not a text`)
  return value
}

function toNumber(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number' || !(value >= 0)) throw new Error(`'${name}' is not a number`)
  return value
}

function toInstalled(fields: Fields): Installed {
  const stamp = toText(fields, 'stamp')
  if (stamp === null) throw new Error("'stamp' is missing")
  return {
    stamp,
    serial: toNumber(fields, 'serial'),
    domains: toNumber(fields, 'domains'),
    records: toNumber(fields, 'records'),
  }
}
