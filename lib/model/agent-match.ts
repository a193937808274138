import type { AgentMatch } from './agent-config.ts'
import { shown, type Verdict } from './agent-config-fields.ts'
import { choicesOf } from './regex-choices.ts'

/** The longest text or expression, in bytes. */
const MATCH_LIMIT = 255

/**
 * How many ways of matching an expression may have to try at one place of a text: three open repetitions, or fifteen
 * alternatives of two. A matcher without a compiler takes about a second for the worst of them on 127 bytes. The text
 * comes from the agent, which must not be able to stop its supervisor.
 */
const CHOICES_LIMIT = 32 ** 3

/** Rule: `regex:…` or `string:…` (B26, B27). */
export function toMatch(value: unknown): Verdict<AgentMatch> {
  const [, kind, text = ''] = typeof value === 'string' ? (/^(regex|string):(.*)$/s.exec(value) ?? []) : []
  if (kind !== 'regex' && kind !== 'string')
    return { reason: `must be 'regex:...' or 'string:...', not ${shown(value)}` }
  if (text === '') return { reason: `nothing stands after '${kind}:'` }
  if (Buffer.byteLength(text) > MATCH_LIMIT) return { reason: `has more than ${MATCH_LIMIT} bytes after '${kind}:'` }
  const fault = kind === 'regex' ? regexFault(text) : undefined
  return fault === undefined ? { value: { kind, text } } : { reason: fault }
}

/** As a configuration has it. */
export function renderMatch({ kind, text }: AgentMatch): string {
  return `${kind}:${text}`
}

function regexFault(text: string): string | undefined {
  try {
    new RegExp(text)
  } catch {
    return `is no regular expression: ${shown(text)}`
  }
  if (choicesOf(text) <= CHOICES_LIMIT) return undefined
  return `may take too long: more than three open repetitions, or choices inside one: ${shown(text)}`
}
