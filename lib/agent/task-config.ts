import type { AgentConfig } from '../model/agent-config.ts'
import { type ParsedConfig, parseAgentText } from '../model/agent-config-parse.ts'
import { type ErrName, errcodeOf } from '../model/errcodes.ts'
import type { AgentConfigTask, InstallTask } from '../model/task.ts'
import { layOver } from '../model/task-parameter.ts'
import type { Failure, Found } from './task-deeds.ts'

type Fields = Readonly<Record<string, unknown>>

/** A configuration that may be written: its text, and what it says. */
export interface NewConfig {
  readonly text: string
  readonly config: AgentConfig
}

/** So many faults of a configuration are told. */
const FAULTS_TOLD = 3

/**
 * The configuration after an install or upgrade: that of the task, laid over the present one where it has no `exec`; or
 * the present one with the new version, where the task has none (B34, B35, B48). Pure.
 */
export function configAfter(task: InstallTask, present: string | null): NewConfig | Failure {
  const { parameter } = task
  if (parameter === null && present === null)
    return failed('BAD_CONFIG', "the task has no 'parameter', and the agent no configuration to keep")
  return compose(task, parameter ?? {}, present)
}

/** The configuration after a `config` task of an agent (B38). Pure. */
export function configChanged(task: AgentConfigTask, present: string | null): NewConfig | Failure {
  if (present === null) return failed('NO_AGENT', `there is no agent '${task.name}'`)
  const version = versionIn(present)
  if (version !== null && version !== task.version)
    return failed('OTHER_VERSION', `agent '${task.name}' has version ${version}, not ${task.version}`)
  return compose(task, task.parameter, present)
}

/** The version that a configuration names; null: it cannot be read. */
export function versionIn(text: string): string | null {
  return parseAgentText(text).config?.version ?? null
}

/** The version that is there: of the package, or of the configuration where it was not installed by us; null: none. */
export function versionOf({ version, config }: Found): string | null {
  return version ?? (config === null ? null : versionIn(config))
}

function compose(task: InstallTask | AgentConfigTask, parameter: Fields, present: string | null): NewConfig | Failure {
  const { name, version } = task
  for (const [field, wanted] of [
    ['name', name],
    ['version', version],
  ] as const) {
    if (parameter[field] !== undefined && parameter[field] !== wanted)
      return failed('CONFIG_DIFFERS', `'${field}' in the configuration is not that of the task, '${wanted}'`)
  }
  const under = parameter['exec'] === undefined && present !== null ? objectIn(present) : {}
  if (under === null)
    return failed('BAD_CONFIG', 'the present configuration cannot be read, and the task has no whole one')
  const text = `${JSON.stringify(layOver(under, { ...parameter, name, version }), null, 2)}\n`
  const { config, faults }: ParsedConfig = parseAgentText(text)
  if (config !== null) return { text, config }
  const told = faults
    .slice(0, FAULTS_TOLD)
    .map(({ field, reason }) => `${field === '' ? 'it' : `'${field}'`} ${reason}`)
  return failed('BAD_CONFIG', `the configuration is not valid: ${told.join('; ')}`)
}

function objectIn(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

function failed(name: ErrName, message: string): Failure {
  return { errcode: errcodeOf(name), message }
}
