import { CommandError } from '../errors.ts'
import type { ControlAnswers, ControlMove, ControlRequest } from '../model/control.ts'
import { toAgentRecord } from './agent-record.ts'
import type { ControlHandlers } from './control-server.ts'
import { explain } from './explain.ts'
import type { Looks } from './looks.ts'
import type { Reporting } from './reporting.ts'
import { toTaskResults } from './result-record.ts'
import type { Supervisor } from './supervisor.ts'
import type { Surroundings } from './surroundings.ts'
import type { Unit } from './unit.ts'
import type { Waiters } from './waiters.ts'

/** What the answers are made from. */
export interface Control {
  readonly supervisor: Supervisor
  readonly looks: Looks
  readonly waiters: Waiters
  readonly world: Surroundings
  /** null: it serves no directory. */
  readonly reporting: Reporting | null
  readonly version: string
  readonly settings: Readonly<Record<string, unknown>>
}

/** The answers to all that can be asked on the control socket (B57, B58). */
export function controlHandlers(control: Control): ControlHandlers {
  const { supervisor, looks, waiters, world, reporting, version, settings } = control
  const began = world.now()
  const find = (name: string): Unit => {
    const unit = supervisor.units.get(name)
    if (unit === undefined) throw new CommandError('no', `there is no agent '${name}'`)
    return unit
  }
  const reports = (): Reporting => {
    if (reporting === null) throw new CommandError('no', 'this agent-spawn serves no directory: it reports to nobody')
    return reporting
  }
  const move = (request: Extract<ControlRequest, { name: string; wait: number }>): Promise<ControlMove> => {
    const unit = find(request.name)
    if (supervisor.stopping) throw new CommandError('again', 'agent-spawn is stopping')
    if (unit.removed && request.ask !== 'stop')
      throw new CommandError('no', `agent '${unit.name}' is being removed: it has no configuration any more`)
    const task = reporting?.tasks.changing(unit.name) ?? null
    if (task !== null) throw new CommandError('again', `task '${task}' is changing its package`)
    world.log.log('info', `agent '${unit.name}': ${request.ask} is asked for`)
    supervisor.tell(unit, { type: request.ask })
    return waiters.wait(unit, request.ask === 'stop' ? 'down' : 'up', request.wait)
  }
  return {
    status: ({ names }) => {
      const units = names.length === 0 ? [...supervisor.units.values()] : names.map(find)
      looks.measure(units)
      return { agents: units.map(unit => toAgentRecord(unit, world.now())) }
    },
    start: move,
    stop: move,
    restart: move,
    events: ({ after, most, wait }) => world.events.wait(after, most, wait),
    explain: ({ name }) => ({ lines: [...explainTasks(name, reporting), ...explainUnit(find(name), world)] }),
    config: () => ({ settings, agents: [...supervisor.units.values()].map(({ config }) => config) }),
    setlog: ({ level }): ControlAnswers['setlog'] => {
      const before = world.log.level
      world.log.level = level
      return { level, before }
    },
    report: () => ({ snapshot: reports().snapshot() }),
    apply: ({ reply }) => {
      const { reporter, apply } = reports()
      apply(reply)
      return { step: reporter.step }
    },
    sync: () => reports().reporter.sync(),
    task: ({ task }) => {
      reports().tasks.receive(task)
      return {}
    },
    tasks: () => ({ tasks: toTaskResults(reports().tasks.queue) }),
    version: () => ({
      version,
      pid: process.pid,
      uptime: Math.round(world.now() - began),
      feature: world.groups.version === null ? 0 : 1,
    }),
  }
}

function explainTasks(name: string, reporting: Reporting | null): readonly string[] {
  const { running = [], waiting = [] } = reporting?.tasks.queue ?? {}
  const waits = waiting.filter(task => task.name === name)
  return [
    ...running.filter(task => task.name === name).map(({ id }) => `task '${id}' is being done for it`),
    ...(waits.length === 0 ? [] : [`tasks that wait for their turn with it: ${waits.map(({ id }) => id).join(', ')}`]),
  ]
}

function explainUnit(unit: Unit, world: Surroundings): readonly string[] {
  const lines = [...explain(unit.config, unit.life, world.now())]
  if (unit.pending !== null) lines.push('a changed configuration is taken at its next start')
  if (unit.removed) lines.push('its configuration has been removed: it is forgotten once it has stopped')
  if (unit.config.cgroup !== null && world.groups.version === null)
    lines.push('its cgroup limits are not in force: there is no cgroup hierarchy to write to')
  for (const line of unit.life.state === 'running' ? [] : unit.lines) lines.push(`it wrote: ${line}`)
  if (unit.last !== null) lines.push(`last event: ${unit.last}`)
  return lines
}
