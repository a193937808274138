import { constants } from 'node:os'
import { CommandError } from '../errors.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import { STOP_SIGNALS, type StopSignal } from '../model/agent-config.ts'
import { type Daemon, openDaemon, sayReady } from './daemon.ts'
import type { DaemonOptions } from './daemon-options.ts'
import type { Unit } from './unit.ts'

/** An agent, and the file it was read from; null: standard input. */
export interface NamedAgent {
  readonly file: string | null
  readonly config: AgentConfig
}

/**
 * Supervises agents in the foreground until none of them runs or will run again, and returns the exit status of the
 * first of them that did not end with 0: its own, 128 and the signal that ended it, 126 or 127 when it could not be
 * executed. TERM, INT, HUP, QUIT, USR1 and USR2 are handed on; the first two, and QUIT, end the supervision.
 */
export async function superviseAlone(agents: readonly NamedAgent[], options: DaemonOptions): Promise<number> {
  for (const { config } of agents)
    if (config.heartbeat !== null && !options.hasSockets)
      throw new CommandError(
        'config',
        `agent '${config.name}' has a heartbeat: give --run or --socket, where it is taken`,
      )
  const daemon = await openDaemon(options)
  const { supervisor } = daemon
  try {
    for (const signal of STOP_SIGNALS) if (signal !== 'SIGKILL') process.on(signal, () => handOn(daemon, signal))
    const units = agents.map(({ config, file }) => supervisor.add(config, file))
    const ended = allEnded(daemon, units)
    sayReady(options.readyFd)
    for (const unit of units) supervisor.tell(unit, { type: 'start' })
    await ended
    return units.map(statusOf).find(status => status !== 0) ?? 0
  } finally {
    supervisor.stopping = true
    daemon.close()
  }
}

function allEnded(daemon: Daemon, units: readonly Unit[]): Promise<void> {
  return new Promise(resolve => {
    daemon.onChange = () => {
      if (
        units.every(
          ({ life }) =>
            life.state === 'stoped' || life.state === 'fatal' || (life.state === 'killed' && life.until === null),
        )
      )
        resolve()
    }
  })
}

function handOn({ supervisor }: Daemon, signal: StopSignal): void {
  if (supervisor.stopping) return // all has ended: nothing that comes now changes the exit status
  const ends = signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT'
  for (const unit of supervisor.units.values()) {
    if (ends) {
      unit.config = { ...unit.config, stopsignal: signal }
      supervisor.tell(unit, { type: 'stop' })
    } else supervisor.signal(unit, signal)
  }
}

/**
 * How the last process of an agent ended, as a shell says it; one that could not even be started is 127, one that was
 * given up and whose end was not to be seen, as that of a daemon, 1.
 */
function statusOf({ life: { ending, state } }: Unit): number {
  if (ending === null) return state === 'fatal' ? 127 : 0
  if (ending.signal === null && ending.code === null) return state === 'fatal' ? 1 : 0
  return ending.signal === null ? (ending.code ?? 0) : 128 + (constants.signals[ending.signal as NodeJS.Signals] ?? 0)
}
