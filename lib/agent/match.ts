import type { AgentMatch } from '../model/agent-config.ts'

/**
 * How much of a text is looked at, in characters: as much as an answer may have (B26). What an expression may take grows
 * with its fourth power, and the bound of expressions in a configuration is made for this length.
 */
const TEXT_MOST = 127
/** How much of it is shown. */
const SHOWN_MOST = 60

/**
 * Why a text is not what is wanted (B26, B27); null: it is. A `string` is looked for anywhere in the text, because an
 * answer may say more than the word that counts; for all of it there is `regex:^…$`.
 */
export function matchFault({ kind, text: wanted }: AgentMatch, text: string): string | null {
  const looked = text.slice(0, TEXT_MOST)
  if (kind === 'string' ? looked.includes(wanted) : isLike(wanted, looked)) return null
  return `does not match '${kind}:${wanted}': ${shown(text)}`
}

/** What an agent has said, for a message: in quotes, harmless and not long. */
export function shown(text: string): string {
  const harmless = text.slice(0, SHOWN_MOST).replaceAll(/[\0-\x1f\x7f-\x9f]/g, '?')
  return `'${harmless}${text.length > SHOWN_MOST ? '…' : ''}'`
}

function isLike(expression: string, text: string): boolean {
  try {
    return new RegExp(expression).test(text)
  } catch {
    return false // an expression that does not compile is refused with the configuration
  }
}
