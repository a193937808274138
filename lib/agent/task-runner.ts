import { unlinkSync } from 'node:fs'
import { reasonOf } from '../errors.ts'
import { errcodeOf } from '../model/errcodes.ts'
import { type InstallTask, type ProgramTask, parseTask, type UninstallTask } from '../model/task.ts'
import { configure, type Settings } from './task-configure.ts'
import type { Answer, Failure, Found, JournalEntry, PlanMove } from './task-deeds.ts'
import { type Doers, doDeed } from './task-do.ts'
import { readEntry } from './task-journal.ts'
import { beginPlan, planStep } from './task-plan.ts'
import { doProgram } from './task-process.ts'
import { queueStep } from './task-queue.ts'
import { recover } from './task-recover.ts'
import { newQueue, type Queue, type QueueAction, type QueueEvent, type TaskResult } from './tasks.ts'

/** What the tasks of a host are done with. */
export interface RunnerOptions extends Doers, Settings {
  /** A package without a checksum is installed (B49). */
  readonly unverified: boolean
}

/** The tasks of a host: what comes goes through the pure `queueStep` and `planStep`; what these say is done here (B33 to B48). */
export class TaskRunner {
  queue: Queue = newQueue()
  readonly #options: RunnerOptions
  /** The agents whose package is being changed, and by which task. */
  readonly #changing = new Map<string, string>()

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Takes a task as a server sent it (B33). */
  receive(task: unknown): void {
    this.#step({ type: 'received', task: parseTask(task) })
  }

  /** A server was told these ends. */
  delivered(ids: readonly string[]): void {
    if (ids.length > 0) this.#step({ type: 'delivered', ids })
  }

  /** The task that stops, replaces and starts this agent at the moment: nobody else may; null: none. */
  changing(name: string): string | null {
    return this.#changing.get(name) ?? null
  }

  /** Takes up what an earlier agent-spawn was killed in the midst of; the agent that it is about, or null (B43). */
  resume(): string | null {
    const { places, world } = this.#options
    const entry = readEntry(places.journal, text => world.log.log('warn', text))
    if (entry === null) return null
    const { id, name } = entry
    world.log.log('warn', `task '${id}' was interrupted: it is taken up`)
    this.#step({ type: 'resumed', id, name })
    this.#finish(id, this.#takeUp(entry))
    return name
  }

  #step(event: QueueEvent): void {
    const { queue, actions } = queueStep(this.queue, event, this.#options.world.now())
    this.queue = queue
    for (const action of actions) this.#do(action)
  }

  #do(action: QueueAction): void {
    const { world } = this.#options
    switch (action.type) {
      case 'note':
        world.log.log(action.level, action.text)
        return
      case 'ended':
        this.#told(action.result)
        return
      case 'configure':
        this.#finish(action.task.id, configure(this.#options, action.task))
        return
      case 'run':
        this.#tell(action.task.name, `task '${action.task.id}' is begun: ${wordsOf(action.task)}`)
        this.#finish(action.task.id, this.#carryOut(action.task))
        return
      default:
        action satisfies never
    }
  }

  /** Every task that was begun has an end, whatever is thrown. */
  #finish(id: string, work: Promise<Failure | null>): void {
    const done = ({ errcode, message }: Failure) => this.#step({ type: 'done', id, errcode, message })
    work.then(
      end => end !== null && done(end),
      error => done({ errcode: errcodeOf('INTERNAL'), message: reasonOf(error) }),
    )
  }

  #carryOut(task: InstallTask | UninstallTask | ProgramTask): Promise<Failure | null> {
    if (task.action === 'program') return doProgram(this.#options, task)
    return this.#follow(task.id, beginPlan(task, this.#options.unverified))
  }

  async #takeUp(entry: JournalEntry): Promise<Failure | null> {
    const answer = await doDeed(this.#options, { deed: 'look', name: entry.name })
    const found: Found | null = answer.type === 'found' ? answer.found : null
    return await this.#follow(entry.id, recover(entry, found))
  }

  /** Does deed after deed; null: agent-spawn is being stopped, and the next one goes on from the journal. */
  async #follow(id: string, first: PlanMove): Promise<Failure | null> {
    const { supervisor, world } = this.#options
    let move = first
    try {
      for (;;) {
        const { plan, deed } = move
        if (deed.deed === 'finish') return deed
        if (supervisor.stopping) return null
        if (plan.entry !== null) this.#changing.set(plan.name, id)
        world.log.log('debug', `task '${id}': ${deed.deed}`)
        const answer: Answer = await doDeed(this.#options, deed)
        if (answer.type === 'failed') world.log.log('warn', `task '${id}': ${deed.deed}: ${answer.message}`)
        move = planStep(plan, answer)
      }
    } finally {
      this.#changing.delete(move.plan.name)
      removeFetched(move.plan.source)
    }
  }

  #told({ id, name, errcode, message }: TaskResult): void {
    this.#tell(name, `task '${id}' ${errcode === 0 ? 'is done' : `failed (${errcode})`}: ${message}`, errcode !== 0)
  }

  #tell(name: string | null, message: string, isBad = false): void {
    const { supervisor } = this.#options
    const unit = name === null ? null : (supervisor.units.get(name) ?? null)
    supervisor.note(unit, 'task', message, { level: isBad ? 'warn' : 'info' })
  }
}

function wordsOf(task: InstallTask | UninstallTask | ProgramTask): string {
  if (task.action === 'program') return task.operation
  return task.action === 'uninstall' ? task.action : `${task.action} of ${task.version}`
}

/** The package has been taken where it is kept. */
function removeFetched(source: string): void {
  try {
    if (source.startsWith('/')) unlinkSync(source)
  } catch {
    // It is gone, or is cleaned away in a day (B7).
  }
}
