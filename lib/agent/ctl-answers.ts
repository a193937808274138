import { CommandError, reasonOf } from '../errors.ts'
import { Agent } from '../model/agent.ts'
import { checkOf } from '../model/check.ts'
import {
  type ControlAnswers,
  type ControlFault,
  type ControlMove,
  type ControlReply,
  LOG_LEVELS,
  type LogLevel,
} from '../model/control.ts'
import { Event } from '../model/event.ts'
import { Snapshot } from '../model/report.ts'
import { TaskResult } from '../model/task-result.ts'
import { toAgentConfig } from './ctl-agent-config.ts'

type Fields = Readonly<Record<string, unknown>>

const ANSWERS: { readonly [A in keyof ControlAnswers]: (fields: Fields) => ControlAnswers[A] } = {
  status: fields => ({ agents: listOf(fields, 'agents', checkOf(Agent)) }),
  start: toMove,
  stop: toMove,
  restart: toMove,
  events: fields => ({
    events: listOf(fields, 'events', checkOf(Event)),
    last: numberOf(fields, 'last'),
    lost: numberOf(fields, 'lost'),
  }),
  explain: fields => ({ lines: listOf(fields, 'lines', toText) }),
  config: fields => ({
    settings: toFields(fields['settings'], "field 'settings'"),
    agents: listOf(fields, 'agents', toAgentConfig),
  }),
  setlog: fields => ({ level: levelOf(fields, 'level'), before: levelOf(fields, 'before') }),
  report: fields => ({ snapshot: checkOf(Snapshot)(fields['snapshot']) }),
  apply: fields => ({ step: numberOf(fields, 'step') }),
  task: () => ({}),
  tasks: fields => ({ tasks: listOf(fields, 'tasks', checkOf(TaskResult)) }),
  sync: fields => ({ answered: fields['answered'] === true, message: toText(fields['message']) }),
  version: fields => ({
    version: toText(fields['version']),
    pid: numberOf(fields, 'pid'),
    uptime: numberOf(fields, 'uptime'),
    feature: numberOf(fields, 'feature'),
  }),
}

const FAULTS: readonly ControlFault[] = ['no', 'data', 'again']

/**
 * Reads one line of answer to what was asked (B57): nothing of it is trusted. A refusal comes as it is; throws 'data'
 * when it is no JSON, or no answer to this.
 */
export function readReply<A extends keyof ControlAnswers>(ask: A, line: string): ControlReply<A> {
  const fields = parse(line)
  if (fields['ok'] === false) {
    const fault = FAULTS.find(fault => fault === fields['fault'])
    const error = fields['error']
    if (fault === undefined || typeof error !== 'string') throw bad('a refusal without its reason')
    return { ok: false, fault, error }
  }
  if (fields['ok'] !== true) throw bad("field 'ok' is missing")
  const toAnswer: (fields: Fields) => ControlAnswers[A] = ANSWERS[ask]
  try {
    return { ok: true, ...toAnswer(fields) }
  } catch (error) {
    throw bad(reasonOf(error))
  }
}

function parse(line: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw bad('not JSON')
  }
  try {
    return toFields(value, 'it')
  } catch (error) {
    throw bad(reasonOf(error))
  }
}

function bad(reason: string): CommandError {
  return new CommandError('data', `bad answer from agent-spawn: ${reason}`)
}

function toMove(fields: Fields): ControlMove {
  const reason = fields['reason']
  const reached = fields['reached']
  if (typeof reached !== 'boolean') throw new Error("field 'reached' is no boolean")
  if (reason !== null && typeof reason !== 'string') throw new Error("field 'reason' is no text")
  const agent = checkOf(Agent)(fields['agent'])
  return { agent, state: agent.status, reached, reason }
}

function listOf<T>(fields: Fields, name: string, to: (value: unknown) => T): readonly T[] {
  const list = fields[name]
  if (!Array.isArray(list)) throw new Error(`field '${name}' is no list`)
  return list.map((value, i) => {
    try {
      return to(value)
    } catch (error) {
      throw new Error(`${name}[${i}]: ${reasonOf(error)}`)
    }
  })
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number' || !(value >= 0)) throw new Error(`field '${name}' is no number from 0`)
  return value
}

function levelOf(fields: Fields, name: string): LogLevel {
  const level = LOG_LEVELS.find(level => level === fields[name])
  if (level === undefined) throw new Error(`field '${name}' is no log level`)
  return level
}

function toText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('not a text')
  return value
}

function toFields(value: unknown, what: string): Fields {
  if (!isFields(value)) throw new Error(`${what} is no object`)
  return value
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
