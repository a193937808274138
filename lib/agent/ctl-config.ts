import { CommandError } from '../errors.ts'
import { renderAgentConfig } from '../model/agent-config-render.ts'
import { LOG_LEVELS } from '../model/control.ts'
import { askDaemon } from './ctl-ask.ts'
import type { CtlVerb } from './ctl-call.ts'
import { renderText } from './ctl-text.ts'
import { warnUnknown } from './ctl-unknown.ts'

/** `config show [NAME…]`: the settings of agent-spawn, and the agents' configuration with its defaults (B58). */
export const showConfig: CtlVerb = async ({ place, operands, out }) => {
  const { settings, agents } = await askDaemon(place, { ask: 'config' })
  const shown = operands.length === 0 ? agents : agents.filter(({ name }) => operands.includes(name))
  if (out.isPerson) {
    const blocks = shown.map(agent => renderBlock(agent.name, renderAgentConfig(agent)))
    if (operands.length === 0) blocks.unshift(renderBlock('agent-spawn', settings))
    if (blocks.length > 0) await out.line(blocks.join('\n\n'))
  } else {
    if (operands.length === 0) await out.record({ type: 'settings', settings })
    for (const agent of shown) await out.record({ type: 'config', name: agent.name, config: renderAgentConfig(agent) })
  }
  const unknown = [...new Set(operands)].filter(name => !agents.some(agent => agent.name === name))
  return warnUnknown(place, out, unknown)
}

/** `config setlog LEVEL`: how much the log says from now on (B13, B58). */
export const setLog: CtlVerb = async ({ place, operands: [word = ''], out }) => {
  const asked = LOG_LEVELS.find(level => level === word)
  if (asked === undefined) throw new CommandError('usage', `'${word}' is no log level: ${LOG_LEVELS.join(', ')}`)
  const { level, before } = await askDaemon(place, { ask: 'setlog', level: asked })
  out.say('info', `the log level is '${level}' (it was '${before}')`)
  return []
}

function renderBlock(title: string, fields: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(fields).filter(name => name !== 'name')
  const width = Math.max(...names.map(name => name.length))
  const lines = names.map(name => `  ${renderText(name).padEnd(width)}  ${renderValue(fields[name])}`)
  return [renderText(title), ...lines].join('\n')
}

function renderValue(value: unknown): string {
  if (value === null || value === undefined) return '-'
  return renderText(typeof value === 'string' ? value : JSON.stringify(value))
}
