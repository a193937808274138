import { CommandError, type Fault } from '../errors.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import { askDaemon, type DaemonPlace, openDaemon } from './ctl-ask.ts'
import type { CtlCall, CtlOut, CtlVerb } from './ctl-call.ts'
import { renderText } from './ctl-text.ts'
import { noAgent } from './ctl-unknown.ts'

type Verb = 'start' | 'stop' | 'restart'

/** How many agents are asked for at a time: each holds a connection for as long as it takes. */
const AT_ONCE = 16
/** What a change may take beyond its own seconds, until the answer is written. */
const SLACK_SECONDS = 5
/** agent-spawn waits no longer. */
const WAIT_MOST = 3600

/** `start NAME…`: told of each when it runs (B58). */
export const start: CtlVerb = call => moveAgents('start', call)
/** `stop NAME…`: told of each when it has ended (B58). */
export const stop: CtlVerb = call => moveAgents('stop', call)
/** `restart NAME…`: told of each when it runs again (B58). */
export const restart: CtlVerb = call => moveAgents('restart', call)

/** Side by side, as each can take a minute; the wait is by the configuration of each where no time limit was given. */
async function moveAgents(verb: Verb, { place, operands, options, out }: CtlCall): Promise<readonly Fault[]> {
  const { agents } = await askDaemon(place, { ask: 'config' })
  const known = new Map(agents.map(config => [config.name, config]))
  const faults: Fault[] = []
  const queue = [...new Set(operands)]
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      try {
        const config = known.get(name)
        if (config === undefined) throw new CommandError('no', noAgent(place, name))
        if (!(await moveOne(place, verb, name, options.timeout ?? waitOf(verb, config), out))) faults.push('no')
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        out.say('warning', `${error.fault === 'no' ? '' : `${name}: `}${error.message}`)
        faults.push(error.fault)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, work))
  return faults
}

/** How long the end state is waited for: as long as it may take by the configuration, and some seconds. */
export function waitOf(verb: Verb, { startsecs, stopsecs }: AgentConfig): number {
  return Math.min(WAIT_MOST, (verb === 'stop' ? 0 : startsecs) + (verb === 'start' ? 0 : stopsecs) + SLACK_SECONDS)
}

/** Returns whether the end state was reached; where not, what stands in the way is told. */
async function moveOne(place: DaemonPlace, verb: Verb, name: string, wait: number, out: CtlOut): Promise<boolean> {
  const daemon = await openDaemon({ ...place, timeout: wait + SLACK_SECONDS })
  try {
    const { agent, reached, reason } = await daemon.ask({ ask: verb, name, wait })
    const sentence = `${name}: ${agent.status}${agent.pid === null ? '' : `, pid ${agent.pid}`}`
    if (!out.isPerson) await out.record(agent)
    else if (reached) await out.line(sentence)
    if (reached) return true
    out.say('warning', `${sentence}: ${renderText(reason ?? `no answer to '${verb}' within ${wait} s`)}`)
    // Only an addition: an answer that does not come is left out.
    const { lines } = await daemon.ask({ ask: 'explain', name }).catch(() => ({ lines: [] }))
    for (const line of lines) out.say('info', `${name}: ${line}`)
    return false
  } finally {
    daemon.close()
  }
}
