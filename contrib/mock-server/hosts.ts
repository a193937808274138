import { randomUUID } from 'node:crypto'

/** A JSON object. */
export type Fields = { readonly [field: string]: unknown }

/** Reads one JSON object; null: it is none. */
export function toFields(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

interface HostSettings {
  readonly tags: string | null
  readonly status: number
  /** Each task is given until its end was told. */
  readonly again: boolean
}

/** The server's side of the protocol (B52, B53): which hosts there are, and which tasks wait for them. */
export class Hosts {
  readonly #settings: HostSettings
  /** By agentsn: the hostname. */
  readonly #hosts = new Map<string, string>()
  readonly #tasks: { readonly to: unknown; readonly task: Fields; readonly given: Set<string> }[] = []

  constructor(settings: HostSettings) {
    this.#settings = settings
  }

  /** Takes a line of stdin as a task; returns what is wrong with it. */
  takeTask(text: string): string | null {
    const fields = toFields(text)
    if (fields === null) return 'not a JSON object'
    const { to, ...task } = fields
    this.#tasks.push({ to, task, given: new Set() })
    return null
  }

  /** Answers a request, what is wrong with it as an error; `keep` false: and remembers nothing of it. */
  answer(verb: 'register' | 'status', body: Fields, keep: boolean): Fields {
    const missing = FIELDS[verb].find(name => body[name] === undefined)
    if (missing !== undefined) return refusal(`the field ${missing} is missing`)
    return verb === 'register' ? this.#register(body, keep) : this.#report(body, keep)
  }

  #register({ hostname, agentsn }: Fields, keep: boolean): Fields {
    if (!isUuid(agentsn)) return refusal('the agentsn is no UUID')
    const known = this.#hosts.get(agentsn)
    const given = known === undefined || known === String(hostname) ? agentsn : randomUUID()
    if (keep) this.#hosts.set(given, String(hostname))
    return { status: 0, agentsn: given, ...(this.#settings.tags === null ? {} : { tags: this.#settings.tags }) }
  }

  #report({ hostname, agentsn, tasks }: Fields, keep: boolean): Fields {
    if (!isUuid(agentsn)) return refusal('the agentsn is no UUID')
    const { again } = this.#settings
    const ended = endedIn(tasks)
    if (again && keep) for (const { task, given } of this.#tasks) if (ended.has(task['id'])) given.add(agentsn)
    const due = this.#tasks.filter(
      ({ to, given }) => !given.has(agentsn) && (to === undefined || to === agentsn || to === hostname),
    )
    for (const { given } of keep && !again ? due : []) given.add(agentsn)
    return { status: this.#settings.status, tasks: due.map(({ task }) => task) }
  }
}

const FIELDS = {
  register: ['hostname', 'ipaddr', 'agentsn'],
  status: 'hostname agentsn version feature uptime timestamp step stats agents tasks events'.split(' '),
} as const

/** The ids of the tasks that a report tells the end of. */
function endedIn(tasks: unknown): ReadonlySet<unknown> {
  const list: readonly unknown[] = Array.isArray(tasks) ? tasks : []
  return new Set(
    list.flatMap(task => {
      const { id, errcode } = toFields(JSON.stringify(task)) ?? {}
      return typeof errcode === 'number' && errcode >= 0 ? [id] : []
    }),
  )
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)
}

/** An error as the protocol has it. */
export function refusal(cause: string): Fields {
  return { status: 2, message: 'bad request', cause }
}
