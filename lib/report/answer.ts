import { CommandError } from '../errors.ts'
import { tagsFault, toAgentSn } from '../model/metafile.ts'
import type { Task } from '../model/report.ts'

/** Objects and lists inside one another in an answer: more than any has, less than any stack. */
const DEPTH_MOST = 32
/** The most tasks of one answer that are passed on; all are counted. */
const TASKS_MOST = 1000
/** The most that is kept of a message, in characters. */
const MESSAGE_MOST = 1000

/** What a server answers to a registration (B52). */
export interface Registered {
  /** The UUID that the host has from now on; null: the one that it sent. */
  readonly agentsn: string | null
  readonly tags: string | null
  /** What was not taken, in words. */
  readonly faults: readonly string[]
}

/** What a server answers to a status report (B53). */
export interface Answered {
  readonly status: number
  readonly message: string | null
  readonly tasks: readonly Task[]
  readonly offered: number
  readonly faults: readonly string[]
}

type Fields = { readonly [field: string]: unknown }

/** Reads the answer to a registration; throws 'data' where it is none, or says no. */
export function parseRegistered(body: string): Registered {
  const fields = toFields(body)
  const status = statusOf(fields)
  if (status !== 0) {
    throw new CommandError('data', `the registration was refused with status ${status}${aside(messageOf(fields))}`)
  }
  const { agentsn = null, tags = null } = fields
  const given = typeof agentsn === 'string' ? toAgentSn(agentsn) : null
  if (agentsn !== null && given === null) throw new CommandError('data', 'the agentsn of the answer is no UUID')
  if (tags === null || tags === '') return { agentsn: given, tags: null, faults: [] }
  const fault = typeof tags === 'string' ? tagsFault(tags) : 'the tags are not text'
  return { agentsn: given, tags: fault === null ? String(tags) : null, faults: fault === null ? [] : [fault] }
}

/** Reads the answer to a status report: its status is told and its tasks are taken (B53). Throws 'data' where it is none. */
export function parseAnswered(body: string): Answered {
  const fields = toFields(body)
  const status = statusOf(fields)
  const message = messageOf(fields)
  const faults = status === 0 ? [] : [`it answered with status ${status}${aside(message)}`]
  const { tasks: list = null } = fields
  if (list === null) return { status, message, tasks: [], offered: 0, faults }
  if (!Array.isArray(list)) throw new CommandError('data', 'the tasks of the answer are no list')
  const tasks: Task[] = []
  for (const [at, item] of list.slice(0, TASKS_MOST).entries()) {
    const task = toTask(item)
    if (typeof task === 'string') faults.push(`task ${at + 1} of its answer is ignored: ${task}`)
    else tasks.push(task)
  }
  if (list.length > TASKS_MOST) faults.push(`it gave ${list.length} tasks: those after ${TASKS_MOST} are ignored`)
  return { status, message, tasks, offered: list.length, faults }
}

/** A task as it came (B33); a string: why it is none. */
function toTask(item: unknown): Task | string {
  if (!isFields(item)) return 'it is no object'
  const { type: _, id, action, ...rest } = item
  if (typeof id !== 'string') return 'it has no id'
  if (typeof action !== 'string') return 'it has no action'
  return { type: 'task', id, action, ...rest }
}

function toFields(body: string): Fields {
  if (isDeep(body)) throw new CommandError('data', `the answer has more than ${DEPTH_MOST} objects inside one another`)
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new CommandError('data', 'the answer is not JSON')
  }
  if (!isFields(value)) throw new CommandError('data', 'the answer is no object')
  return value
}

/** Before it is parsed: JSON.stringify of a list in a list in a list … overflows the stack. */
function isDeep(text: string): boolean {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (isString) {
      if (char === '\\') at++
      else if (char === '"') isString = false
    } else if (char === '"') isString = true
    else if (char === '[' || char === '{') depth++
    else if (char === ']' || char === '}') depth--
    if (depth > DEPTH_MOST) return true
  }
  return false
}

function statusOf({ status }: Fields): number {
  if (typeof status === 'number' && Number.isSafeInteger(status)) return status
  throw new CommandError('data', 'the answer has no status')
}

/** The common message and, after it, the cause. */
function messageOf({ message, cause }: Fields): string | null {
  const texts = [message, cause].filter(text => typeof text === 'string' && text !== '')
  return texts.length === 0 ? null : [...texts.join(': ')].slice(0, MESSAGE_MOST).join('')
}

function aside(message: string | null): string {
  return message === null ? '' : `: ${message}`
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
