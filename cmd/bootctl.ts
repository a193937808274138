import type { CtlVerbName } from '../lib/agent/ctl-verbs.ts'
import type { CommandSpec } from '../lib/cli/command.ts'
import { worstOf } from '../lib/cli/exit.ts'
import { toCount, toDuration } from '../lib/cli/numbers.ts'
import { toReader } from '../lib/cli/reader.ts'
import { run } from '../lib/cli/run.ts'
import { runUntilStopped } from '../lib/cli/stopped.ts'
import { renderVerbs, toVerb, type VerbSpec } from '../lib/cli/verbs.ts'
import pkg from '../package.json' with { type: 'json' }

const options = {
  json: { short: 'j', long: 'json', help: 'write records on a terminal too' },
  follow: { short: 'f', long: 'follow', help: 'go on with the events as they come' },
  count: {
    short: 'n',
    long: 'count',
    value: 'N',
    to: toCount(0, 1000),
    help: 'the last N events (default all; -f: 10)',
  },
  timeout: { short: 't', long: 'timeout', value: 'SECS', to: toDuration(0.1, 3600), help: 'the time limit' },
  socket: { long: 'socket', value: 'PATH', help: 'ask the agent-spawn that listens here' },
} as const satisfies CommandSpec['options']

const asks = ['timeout', 'socket']
const one = { operands: 'NAME', operandCount: [1, 1], options: asks } as const
const some = { operands: 'NAME…', operandCount: [1, 1000], options: ['json', ...asks] } as const
const any = { operands: '[NAME…]', operandCount: [0, 1000], options: ['json', ...asks] } as const
const verbs: Readonly<Record<CtlVerbName, VerbSpec>> = {
  status: { ...any, help: 'what the agents are doing' },
  start: { ...some, help: 'start agents, and wait until they run' },
  stop: { ...some, help: 'stop agents, and wait until they have ended' },
  restart: { ...some, help: 'stop agents and start them again' },
  explain: { ...one, help: 'what happens to an agent next, and why' },
  events: { ...any, options: ['json', 'follow', 'count', ...asks], help: 'what happened to the agents' },
  'config check': {
    operands: '[DIR]',
    operandCount: [0, 1],
    options: asks,
    help: 'the faults of the configuration, and what reading it again would do',
  },
  'config show': { ...any, help: 'the settings in effect, with every default' },
  'config setlog': { operands: 'LEVEL', operandCount: [1, 1], options: asks, help: 'how much the log says' },
  sha256: { operands: '[FILE…]', operandCount: [0, 100000], help: 'the SHA-256 of files' },
  report: { options: asks, help: 'what the host reports now, for agent-report' },
  apply: { options: asks, help: 'bring what agent-report has written to agent-spawn' },
  tasks: { options: ['json', ...asks], help: 'what the servers want done, and how it ended' },
  sync: { options: asks, help: 'report now, and say what came of it' },
  version: { options: asks, help: 'the version of bootctl, and of the agent-spawn that runs' },
}

const spec = {
  name: 'bootctl',
  summary: 'See and steer the agents of this host.',
  operands: 'VERB [ARG…]',
  operandCount: [1, 100002],
  options,
  notes: renderVerbs(verbs, options),
} as const satisfies CommandSpec

run(spec, async ({ options, operands: words }, out) => {
  const { name, operands } = toVerb(verbs, spec.options, { options, operands: words })
  const { placeOf } = await import('../lib/agent/ctl-ask.ts')
  const { loadVerb } = await import('../lib/agent/ctl-verbs.ts')
  const trace = (text: string) => void process.stderr.write(`${text}\n`)
  const verb = await loadVerb(name)
  const faults = await verb({
    operands,
    options,
    place: placeOf(options.socket, options.timeout, pkg.version, process.env, trace),
    out: toReader(out, options.json),
    untilStopped: runUntilStopped,
    now: () => Date.now() / 1000,
  })
  return worstOf(faults)
})
