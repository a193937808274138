import { CommandError } from '../errors.ts'
import { askDaemon } from './ctl-ask.ts'
import type { CtlVerb } from './ctl-call.ts'
import { renderText } from './ctl-text.ts'
import { noAgent } from './ctl-unknown.ts'

/** `explain NAME`: what happens to the agent next, and why (B58). */
export const explain: CtlVerb = async ({ place, operands: [name = ''], out }) => {
  const { lines } = await askDaemon(place, { ask: 'explain', name }).catch(error => {
    if (!(error instanceof CommandError) || error.fault !== 'no') throw error
    throw new CommandError('no', noAgent(place, name), { cause: error })
  })
  for (const line of lines) await out.line(renderText(line))
  return []
}
