import { writeSync } from 'node:fs'
import type { CommandSpec } from '../lib/cli/command.ts'
import { toCount } from '../lib/cli/numbers.ts'
import { run } from '../lib/cli/run.ts'
import { toLogLevel } from '../lib/model/control.ts'

const toReadyFd = toCount(1, 255)

const spec = {
  name: 'agent-spawn',
  summary: 'Keep agents running, checked and within limits: those of a directory, of FILEs, or of standard input.',
  operands: '[FILE…]',
  operandCount: [0, 1000],
  records: true,
  options: {
    dir: { short: 'd', value: 'DIR', help: 'serve the agents of DIR/*.json until TERM' },
    group: { short: 'C', value: 'GROUP', help: 'the cgroup of all agents (devops)' },
    join: { short: 'G', help: 'put agent-spawn into that group too' },
    socket: { long: 'socket', value: 'PATH', help: 'the control socket (RUN/BootAgent.sock)' },
    run: { long: 'run', value: 'DIR', help: 'where the sockets are (/var/run/cargo)' },
    log: { long: 'log', value: 'DIR', help: 'where NAME.log of each agent is (/var/log/cargo)' },
    logFile: { short: 'L', value: 'FILE', help: 'write the log there; USR1 opens it anew (standard error)' },
    level: { short: 'l', value: 'LEVEL', to: toLogLevel, help: 'trace, debug, info, warn, error or fatal (info)' },
    test: { short: 'T', help: 'test the configuration, and end' },
    readyFd: { long: 'ready-fd', value: 'N', to: toReadyFd, help: 'write an empty line there once it serves' },
  },
  notes: ['BOOTAGENT_CONF, BOOTAGENT_BASE, BOOTAGENT_RUN and BOOTAGENT_LOG name other directories.'],
} as const satisfies CommandSpec

run(spec, async ({ options, operands }) => {
  const { runAgentSpawn } = await import('../lib/agent/agent-spawn.ts')
  return await runAgentSpawn({
    dir: options.dir ?? null,
    files: operands,
    group: options.group ?? 'devops',
    joinGroup: options.join,
    socket: options.socket ?? null,
    run: options.run ?? null,
    log: options.log ?? null,
    logFile: options.logFile ?? null,
    level: options.level ?? 'info',
    test: options.test,
    readyFd: options.readyFd ?? null,
    env: process.env,
    report: text => writeSync(2, `${text}\n`),
  })
})
