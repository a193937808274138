import { join } from 'node:path'

/** Where the agent half keeps its things (B1 to B5). */
export interface Places {
  /** The agents' configuration, `*.json`. */
  readonly conf: string
  readonly base: string
  readonly tmp: string
  readonly metafile: string
  /** What is needed to go back from a task that is being done. */
  readonly journal: string
  readonly run: string
  readonly pidfile: string
  /** The control socket, root's alone (B57). */
  readonly socket: string
  /** The socket any agent may write its heartbeats to: BOOTSOCK. */
  readonly heartbeat: string
  /** The directory of the logs: BootAgent.log, and NAME.log of each agent. */
  readonly log: string
  readonly logfile: string
}

/** The places by the environment: BOOTAGENT_CONF, _BASE, _RUN and _LOG name other directories (B12). */
export function placesOf(env: Readonly<Record<string, string | undefined>>): Places {
  const conf = env['BOOTAGENT_CONF'] || '/etc/cargo/BootAgent'
  const base = env['BOOTAGENT_BASE'] || '/usr/local/cargo/BootAgent'
  const run = env['BOOTAGENT_RUN'] || '/var/run/cargo'
  const log = env['BOOTAGENT_LOG'] || '/var/log/cargo'
  return {
    conf,
    base,
    tmp: join(base, 'tmp'),
    metafile: join(base, 'metafile'),
    journal: join(base, 'task.json'),
    run,
    pidfile: join(run, 'BootAgent.pid'),
    socket: join(run, 'BootAgent.sock'),
    heartbeat: join(run, 'BootAgent.heartbeat.sock'),
    log,
    logfile: join(log, 'BootAgent.log'),
  }
}
