import type { AgentConfig } from '../model/agent-config.ts'
import { renderAgentConfig } from '../model/agent-config-render.ts'

/** One field that two configurations of an agent do not share; values as JSON, or words where there is none. */
export interface FieldChange {
  readonly field: string
  readonly from: string
  readonly to: string
}

/** What re-reading the configuration would do: agents by name, sorted. Only the changed ones are restarted. */
export interface ConfigDifference {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly { readonly name: string; readonly fields: readonly FieldChange[] }[]
}

const NONE = 'not set'

/**
 * What differs between two sets of configurations with different names each. The order of fields and variables, and
 * how the words of `exec` are quoted, make no difference; values of `envs` are not told, since secrets stand there.
 */
export function differenceOf(before: readonly AgentConfig[], after: readonly AgentConfig[]): ConfigDifference {
  const old = new Map(before.map(config => [config.name, config]))
  const now = new Map(after.map(config => [config.name, config]))
  const names = [...new Set([...old.keys(), ...now.keys()])].sort()
  return {
    added: names.filter(name => !old.has(name)),
    removed: names.filter(name => !now.has(name)),
    changed: names.flatMap(name => {
      const [from, to] = [old.get(name), now.get(name)]
      const fields = from === undefined || to === undefined ? [] : changesOf(from, to)
      return fields.length === 0 ? [] : [{ name, fields }]
    }),
  }
}

/** One line an agent that comes or goes, one line a field that changes; nothing where nothing does. */
export function renderDifference({ added, removed, changed }: ConfigDifference): readonly string[] {
  return [
    ...added.map(name => `add ${name}`),
    ...removed.map(name => `remove ${name}`),
    ...changed.flatMap(({ name, fields }) =>
      fields.map(({ field, from, to }) => `change ${name}: ${field}: ${from} -> ${to}`),
    ),
  ]
}

function changesOf(from: AgentConfig, to: AgentConfig): readonly FieldChange[] {
  const [old, now] = [valuesOf(from), valuesOf(to)]
  if (JSON.stringify(from.argv) === JSON.stringify(to.argv)) now.set('exec', old.get('exec') ?? NONE)
  const fields = [...new Set([...old.keys(), ...now.keys()])]
  return fields.flatMap(field => {
    const [before, after] = [old.get(field) ?? NONE, now.get(field) ?? NONE]
    if (before === after) return []
    const change = { field, from: before, to: after }
    return [field.startsWith('envs.') ? withoutValues(change) : change]
  })
}

function withoutValues({ field, from, to }: FieldChange): FieldChange {
  if (from === NONE || to === NONE) return { field, from: from === NONE ? NONE : 'set', to: to === NONE ? NONE : 'set' }
  return { field, from: 'a value', to: 'another' }
}

/** `limits.CPU` and its like, each with its value as JSON. */
function valuesOf(config: AgentConfig): Map<string, string> {
  const values = new Map<string, string>()
  for (const [field, value] of Object.entries(renderAgentConfig(config))) {
    const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
    for (const [name, part] of inner) values.set(`${field}.${name}`, JSON.stringify(part))
    if (inner.length === 0 && field !== 'envs') values.set(field, JSON.stringify(value))
  }
  return values
}
