import { CommandError } from '../errors.ts'
import { type ControlRequest, LOG_LEVELS, type ReportReply } from '../model/control.ts'
import { tagsFault, toAgentSn } from '../model/metafile.ts'
import { EVENTS_MOST } from './event-store.ts'

/** The longest wait that can be asked for, in seconds: longer than any stop of an agent is allowed to take. */
const WAIT_MOST = 3600
/** The longest name that is looked up, in characters; those of agents are shorter (B8). */
const NAME_MOST = 255
const NAMES_MOST = 1000

type Fields = Readonly<Record<string, unknown>>

/**
 * What one line on the control socket asks for (B57). Only what has no meaning without it must be there: the name of an
 * agent, the level of the log; unknown fields are nothing. Throws 'data', naming the field.
 */
export function parseControlRequest(line: string): ControlRequest {
  const fields = toObject(line)
  const ask = fields['ask']
  switch (ask) {
    case 'status':
      return { ask, names: namesOf(fields) }
    case 'start':
    case 'stop':
    case 'restart':
      return { ask, name: nameOf(fields), wait: numberOf(fields, 'wait', 0, WAIT_MOST) }
    case 'events':
      return {
        ask,
        after: countOf(fields, 'after', 0, Number.MAX_SAFE_INTEGER),
        most: countOf(fields, 'most', EVENTS_MOST, Number.MAX_SAFE_INTEGER),
        wait: numberOf(fields, 'wait', 0, WAIT_MOST),
      }
    case 'explain':
      return { ask, name: nameOf(fields) }
    case 'setlog':
      return { ask, level: levelOf(fields) }
    case 'apply':
      return { ask, reply: replyOf(fields) }
    case 'task':
      return { ask, task: taskOf(fields) }
    case 'config':
    case 'version':
    case 'report':
    case 'sync':
    case 'tasks':
      return { ask }
    case undefined:
      throw missing('ask')
    default:
      throw wrong(
        'ask',
        'status, start, stop, restart, events, explain, config, setlog, version, report, apply, sync, task or tasks',
      )
  }
}

/** One line as a JSON object. Throws 'data'. */
export function toObject(line: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new CommandError('data', 'the line is not JSON')
  }
  if (!isObject(value)) throw new CommandError('data', 'the line is not a JSON object')
  return value
}

/** Whether it is an object with fields, and no array. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The error of a field that must be there. */
export function missing(field: string): CommandError {
  return new CommandError('data', `field '${field}' is missing`)
}

/** The error of a field that is something else. */
export function wrong(field: string, wanted: string): CommandError {
  return new CommandError('data', `field '${field}' is not ${wanted}`)
}

function nameOf(fields: Fields): string {
  const name = fields['name']
  if (name === undefined) throw missing('name')
  if (!isName(name)) throw wrong('name', 'a name')
  return name
}

function namesOf(fields: Fields): readonly string[] {
  const names = fields['names'] ?? []
  if (!Array.isArray(names) || !names.every(isName)) throw wrong('names', 'a list of names')
  if (names.length > NAMES_MOST) throw wrong('names', `a list of at most ${NAMES_MOST} names`)
  return names
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= NAME_MOST
}

function replyOf(fields: Fields): ReportReply {
  const { reply } = fields
  if (reply === undefined) throw missing('reply')
  if (!isObject(reply)) throw wrong('reply', 'an object')
  const agentsn = typeof reply['agentsn'] === 'string' ? toAgentSn(reply['agentsn']) : null
  if (agentsn === null) throw wrong('reply.agentsn', 'a UUID')
  const { tags = null } = reply
  if (tags !== null && (typeof tags !== 'string' || tagsFault(tags) !== null)) throw wrong('reply.tags', 'tags K=V,K=V')
  const { run = null, gzip = null, tasks = [] } = reply
  if (run !== null && !isText(run)) throw wrong('reply.run', 'a text')
  if (gzip !== null && !isText(gzip)) throw wrong('reply.gzip', 'a server')
  if (!Array.isArray(tasks) || !tasks.every(isText)) throw wrong('reply.tasks', 'a list of ids')
  return { agentsn, run, tags, events: countOf(reply, 'events', 0, Number.MAX_SAFE_INTEGER), gzip, tasks }
}

function taskOf({ task }: Fields): Fields {
  if (task === undefined) throw missing('task')
  if (!isObject(task)) throw wrong('task', 'an object')
  return task
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function levelOf(fields: Fields) {
  const level = fields['level']
  if (level === undefined) throw missing('level')
  const found = LOG_LEVELS.find(name => name === level)
  if (found === undefined) throw wrong('level', `one of ${LOG_LEVELS.join(', ')}`)
  return found
}

function numberOf(fields: Fields, field: string, absent: number, most: number): number {
  const value = fields[field] ?? absent
  if (typeof value !== 'number' || !(value >= 0 && value <= most)) throw wrong(field, `a number from 0 to ${most}`)
  return value
}

function countOf(fields: Fields, field: string, absent: number, most: number): number {
  const value = numberOf(fields, field, absent, most)
  if (!Number.isInteger(value)) throw wrong(field, 'a whole number')
  return value
}
