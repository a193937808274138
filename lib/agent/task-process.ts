import type { AgentConfig } from '../model/agent-config.ts'
import { type ErrName, errcodeOf } from '../model/errcodes.ts'
import type { ProgramTask } from '../model/task.ts'
import { findForked } from './forks.ts'
import { findRunning } from './launch.ts'
import type { ProcessId } from './life.ts'
import { isAlive, signalTo } from './process-id.ts'
import type { Supervisor } from './supervisor.ts'
import type { Surroundings } from './surroundings.ts'
import type { Answer, Failure } from './task-deeds.ts'
import type { Unit } from './unit.ts'
import type { Waiters } from './waiters.ts'

/** What the processes of agents are moved with. */
export interface Movers {
  readonly supervisor: Supervisor
  readonly waiters: Waiters
  readonly world: Surroundings
}

/** Beyond what its configuration allows, in seconds. */
const SLACK = 30
/** How often a process that is no agent's is looked at, in milliseconds. */
const LOOK_MS = 50
/** So many of those are ended: where somebody else starts them again, there is no end of it. */
const STRAYS_MOST = 100

const DONE: Answer = { type: 'done' }

/**
 * Stops an agent, and what runs of it that nobody looks after: a daemon that an earlier agent-spawn has left, or workers that
 * the stop has left. The new version would take them for its own.
 */
export async function clearAgent(movers: Movers, name: string): Promise<Answer> {
  const unit = movers.supervisor.units.get(name)
  if (unit === undefined) return DONE
  const answer = await stopAgent(movers, unit)
  if (answer.type === 'failed') return answer
  for (let ended = 0; ended < STRAYS_MOST; ended++) {
    const stray = findStray(unit.config, movers.world)
    if (stray === null) return DONE
    if (!(await endStray(movers, stray, unit.config))) return failed('NOT_DOWN', `process ${stray.pid} does not end`)
  }
  return failed('NOT_DOWN', 'somebody else starts it again and again')
}

/** Of an agent that is not single, what looks like it may be somebody else's (B21). */
function findStray(config: AgentConfig, world: Surroundings): ProcessId | null {
  if (config.single) return findRunning(config, world)
  return config.type === 'fork' ? findForked(config, world.taken, world.forks) : null
}

async function stopAgent({ supervisor, waiters }: Movers, unit: Unit): Promise<Answer> {
  supervisor.tell(unit, { type: 'stop' })
  const { reached, reason, state } = await waiters.wait(unit, 'down', unit.config.stopsecs + SLACK)
  return reached ? DONE : failed('NOT_DOWN', reason ?? `it is ${state}`)
}

/** Tells an agent to start. */
export function startAgent({ supervisor }: Movers, name: string): Answer {
  const unit = supervisor.units.get(name)
  if (unit === undefined || unit.removed) return failed('NO_AGENT', `there is no agent '${name}'`)
  unit.trouble = null
  supervisor.tell(unit, { type: 'start' })
  return DONE
}

/** Done when an agent that was told to start was up for `startsecs`, and for `seconds`, with the same process. */
export async function watchAgent(movers: Movers, name: string, seconds: number): Promise<Answer> {
  const unit = movers.supervisor.units.get(name)
  if (unit === undefined) return failed('NO_AGENT', `there is no agent '${name}'`)
  const up = await waitUntilUp(movers, unit)
  const { process } = unit.life
  const rest = seconds - unit.config.startsecs
  if (up.type === 'failed' || rest <= 0) return up
  await new Promise(resolve => setTimeout(resolve, rest * 1000))
  const stays = unit.life.state === 'running' && unit.life.process?.pid === process?.pid
  return stays ? DONE : notUp(unit)
}

/** Starts, stops or restarts an agent, and waits for what becomes of it (B37). */
export async function doProgram(movers: Movers, { name, version, operation }: ProgramTask): Promise<Failure> {
  const unit = movers.supervisor.units.get(name)
  if (unit === undefined || unit.removed) return failed('NO_AGENT', `there is no agent '${name}'`)
  if (movers.supervisor.stopping) return failed('STOPPING', 'agent-spawn is being stopped')
  const present = (unit.pending ?? unit.config).version
  if (present !== version) return failed('OTHER_VERSION', `agent '${name}' has version ${present}, not ${version}`)
  if (operation === 'stop') return verdict(await stopAgent(movers, unit), 'it is stopped')
  unit.trouble = null
  movers.supervisor.tell(unit, { type: operation })
  return verdict(await waitUntilUp(movers, unit), 'it runs')
}

async function waitUntilUp({ waiters }: Movers, unit: Unit): Promise<Answer> {
  const { stopsecs, startsecs } = unit.pending ?? unit.config
  const { reached } = await waiters.wait(unit, 'up', unit.config.stopsecs + stopsecs + startsecs + SLACK)
  return reached ? DONE : notUp(unit)
}

function notUp({ trouble, last, life }: Unit): Answer {
  return failed('NOT_UP', trouble ?? last ?? `it is ${life.state}`)
}

function verdict(answer: Answer, done: string): Failure {
  return answer.type === 'failed' ? answer : { errcode: 0, message: done }
}

/** Ends a process that is no agent's as its agent would be stopped; false: it does not end, or agent-spawn does. */
async function endStray({ supervisor }: Movers, process: ProcessId, config: AgentConfig): Promise<boolean> {
  const { stopsignal, stopsecs, stopasgroup } = config
  signalTo(process, stopsignal, stopasgroup)
  const from = performance.now()
  while (isAlive(process)) {
    const passed = (performance.now() - from) / 1000
    if (passed > stopsecs + SLACK || supervisor.stopping) return false
    if (passed > stopsecs) signalTo(process, 'SIGKILL', stopasgroup)
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
  return true
}

function failed(name: ErrName, message: string): Extract<Answer, { type: 'failed' }> {
  return { type: 'failed', errcode: errcodeOf(name), message }
}
