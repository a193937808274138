import { plain } from './agent-config-fields.ts'
import { toAgentName, toVersion } from './agent-config-rules.ts'
import { type ErrName, errcodeOf } from './errcodes.ts'
import { isRepositoryPackage } from './package-source.ts'
import { parameterOf } from './task-parameter.ts'

/** What every task that is done for an agent has. */
export interface AgentTask {
  readonly id: string
  readonly name: string
  readonly version: string
}

/** An object of a task as it came. */
export type Fields = Readonly<Record<string, unknown>>

/** `install` and `upgrade` (B34, B35); `parameter` is an agent's configuration, not looked at yet. */
export interface InstallTask extends AgentTask {
  readonly action: 'install' | 'upgrade'
  readonly url: string
  /** 64 hexadecimal digits, in lower case. */
  readonly checksum: string | null
  /** KB a second (B46). */
  readonly speed: number
  readonly parameter: Fields | null
}

/** B36. */
export interface UninstallTask extends AgentTask {
  readonly action: 'uninstall'
  readonly force: boolean
}

/** B37, B40. */
export interface ProgramTask extends AgentTask {
  readonly action: 'program'
  readonly operation: 'start' | 'stop' | 'restart'
  readonly force: boolean
}

/** A `config` that is about an agent (B38). */
export interface AgentConfigTask extends AgentTask {
  readonly action: 'agent-config'
  readonly parameter: Fields
}

/** A `config` that is about bootagent itself (B38). */
export interface ConfigTask {
  readonly action: 'config'
  readonly id: string
  readonly servers: string | null
  /** Seconds. */
  readonly step: number | null
}

/** A task that was understood (B33 to B38). */
export type TaskSpec = InstallTask | UninstallTask | ProgramTask | AgentConfigTask | ConfigTask

/** Why a task is not done: without an id there is nobody to tell (B33). */
export interface TaskRefusal {
  readonly id: string | null
  readonly errcode: number
  readonly message: string
}

/** The longest id, in bytes (B33). */
export const TASK_ID_MOST = 127
/** The longest url, and the longest list of servers (what the MetaFile can hold), in characters. */
const URL_MOST = 2048
const SERVERS_MOST = 3072
/** The speed of a download where the task says none, and the most, in KB a second (B46). */
const SPEED = 100
const SPEED_MOST = 1e7
/** Bounds of the step when the server sets it, in seconds (B38). */
const STEP_LEAST = 60
const STEP_MOST = 3600
/** Where a package is fetched from (B50). */
const URL = /^(?:(?:ftps?|https?):\/\/[^/]|file:\/\/\/)[^\0-\x20\x7f]*$/i

class Refused extends Error {
  readonly errcode: number

  constructor(name: ErrName, message: string) {
    super(message)
    this.errcode = errcodeOf(name)
  }
}

/** Understands a task as a server sent it, also in its short forms (B48); fields that are not known are passed over. */
export function parseTask(value: unknown): TaskSpec | { readonly refusal: TaskRefusal } {
  const fields = isFields(value) ? value : {}
  const { id, action } = fields
  if (!isId(id)) return refuse(null, new Refused('BAD_TASK', `no 'id' of 1 to ${TASK_ID_MOST} bytes`))
  if (!isText(action)) return refuse(null, new Refused('BAD_TASK', "no 'action'"))
  try {
    return specOf(id, action, fields)
  } catch (error) {
    if (error instanceof Refused) return refuse(id, error)
    throw error
  }
}

function specOf(id: string, action: string, fields: Fields): TaskSpec {
  switch (action) {
    case 'install':
    case 'upgrade':
      return { action, ...agentOf(id, fields), ...packageOf(fields), parameter: toParameter(fields) }
    case 'uninstall':
      return { action, ...agentOf(id, fields), force: isForce(fields) }
    case 'program':
      return { action, ...agentOf(id, fields), operation: toOperation(fields['operation']), force: isForce(fields) }
    case 'start':
    case 'stop':
    case 'restart':
      return { action: 'program', ...agentOf(id, fields), operation: action, force: isForce(fields) }
    case 'config':
      return configOf(id, fields)
    default:
      throw new Refused('UNKNOWN_ACTION', `'${plain(action)}' is no action`)
  }
}

/** An agent's, where it has a configuration; a name without one does not make it so. */
function configOf(id: string, fields: Fields): TaskSpec {
  const parameter = toParameter(fields)
  const servers = optional(fields, 'svrlist', isServers, `a list of servers, of at most ${SERVERS_MOST} characters`)
  const step = optional(fields, 'step', isStep, `a whole number from ${STEP_LEAST} to ${STEP_MOST}`)
  if (parameter === null) {
    if (servers === null && step === null) throw new Refused('BAD_TASK', "none of 'parameter', 'svrlist' and 'step'")
    return { action: 'config', id, servers, step }
  }
  if (servers !== null || step !== null)
    throw new Refused('BAD_TASK', "'parameter' is an agent's, 'svrlist' and 'step' are not")
  return { action: 'agent-config', ...agentOf(id, fields), parameter }
}

function agentOf(id: string, fields: Fields): AgentTask {
  const name = toAgentName(fields['name'])
  if ('reason' in name) throw new Refused('BAD_TASK', `'name' ${name.reason}`)
  const version = toVersion(fields['version'])
  if ('reason' in version) throw new Refused('BAD_TASK', `'version' ${version.reason}`)
  return { id, name: name.value, version: version.value }
}

function packageOf(fields: Fields): Pick<InstallTask, 'url' | 'checksum' | 'speed'> {
  const { url } = fields
  if (!isText(url) || url.length > URL_MOST || !(URL.test(url) || isRepositoryPackage(url)))
    throw new Refused(
      'BAD_TASK',
      "'url' is not ftp:, ftps:, http:, https: or file:, nor yum:NAME-VERSION or apt:NAME=VERSION",
    )
  const speed = optional(fields, 'speed', isSpeed, `a number of KB a second, above 0 and at most ${SPEED_MOST}`)
  return { url, checksum: toChecksum(fields['checksum']), speed: speed ?? SPEED }
}

function toChecksum(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') throw new Refused('BAD_TASK', "'checksum' is not a string")
  if (!/^SHA256:/i.test(value)) throw new Refused('OTHER_CHECKSUM', "'checksum' does not begin with SHA256:")
  const digits = value.slice('SHA256:'.length)
  if (!/^[\da-f]{64}$/i.test(digits)) throw new Refused('BAD_TASK', "'checksum' has not 64 hexadecimal digits")
  return digits.toLowerCase()
}

function toParameter(fields: Fields): Fields | null {
  for (const name of ['parameter', 'envs', 'limits']) optional(fields, name, isFields, 'an object')
  return parameterOf(fields)
}

function toOperation(value: unknown): ProgramTask['operation'] {
  if (value === 'start' || value === 'stop' || value === 'restart') return value
  throw new Refused('BAD_TASK', "'operation' is not start, stop or restart")
}

function isForce({ option, force }: Fields): boolean {
  return option === 'force' || force === true
}

function optional<T>(fields: Fields, name: string, is: (value: unknown) => value is T, what: string): T | null {
  const value = fields[name]
  if (value === undefined || value === null) return null
  if (!is(value)) throw new Refused('BAD_TASK', `'${name}' is not ${what}`)
  return value
}

function isId(value: unknown): value is string {
  return isText(value) && Buffer.byteLength(value) <= TASK_ID_MOST && !/[\p{Cc}\p{Cs}]/u.test(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isServers(value: unknown): value is string {
  return isText(value) && value.length <= SERVERS_MOST
}

function isStep(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= STEP_LEAST && value <= STEP_MOST
}

function isSpeed(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= SPEED_MOST
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(id: string | null, { errcode, message }: Refused): { readonly refusal: TaskRefusal } {
  return { refusal: { id, errcode, message } }
}
