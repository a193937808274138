import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { reasonOf } from '../errors.ts'
import type { Reply } from '../model/report.ts'
import type { Identity } from './identity.ts'
import { bootId } from './leftovers.ts'
import {
  firstReport,
  type ReportPlan,
  type ReportSchedule,
  type ScheduleEvent,
  scheduleStep,
} from './report-schedule.ts'
import type { Surroundings } from './surroundings.ts'

/** What came of a report that somebody waited for. */
export interface SyncAnswer {
  readonly answered: boolean
  readonly message: string
}

/** As many may wait for a report at a time. */
const WAITERS_MOST = 64
/** A host that has run for less than this, in seconds, has just booted. */
const BOOT_SECONDS = 600
/** A report may take so long, or as long as the step, in seconds. */
const REPORT_SECONDS = 60
/** The longest a timer is set for, in milliseconds. */
const LONGEST_MS = 3_600_000

/**
 * Reports by the schedule: starts `report-round`, which asks for the snapshot and brings the answer by the control socket.
 * One at a time; one that is not done when its time is over is killed, and counts as failed.
 */
export class Reporter {
  readonly #world: Surroundings
  readonly #identity: Identity
  readonly #command: readonly [string, ...string[]]
  readonly #env: Readonly<Record<string, string>>
  /** Who waits for the report that is under way, and for the next one: it tells what has happened until it begins. */
  #waiters = new Set<(answer: SyncAnswer) => void>()
  #next = new Set<(answer: SyncAnswer) => void>()
  #schedule: ReportSchedule
  #timer: NodeJS.Timeout | undefined
  #child: ChildProcess | undefined
  #wasAnswered = false
  #closed = false

  constructor(
    world: Surroundings,
    identity: Identity,
    command: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
    plan: Omit<ReportPlan, 'slot'>,
  ) {
    this.#world = world
    this.#identity = identity
    this.#command = command
    this.#env = env
    const since = { boot: hostUptime() < BOOT_SECONDS, registered: identity.registered }
    const slot = slotOf(identity.agentsn, bootId())
    this.#schedule = firstReport({ ...plan, slot }, world.now(), since, Math.random())
    this.#arm()
  }

  /** Seconds between two reports. */
  get step(): number {
    return this.#schedule.step
  }

  /** Another step (B38). */
  setStep(step: number): void {
    this.#move({ type: 'step', step, chance: Math.random() })
  }

  /** A server has answered: what the report carried is delivered. */
  apply(reply: Pick<Reply, 'agentsn' | 'tags' | 'events'>): void {
    this.#wasAnswered = true
    this.#identity.answered(reply.agentsn, reply.tags)
    this.#world.events.acknowledge(reply.events)
  }

  /** Reports now, or as soon as the one that is under way has ended, and tells what came of it. */
  sync(): Promise<SyncAnswer> {
    if (this.#waiters.size + this.#next.size >= WAITERS_MOST)
      return Promise.resolve({ answered: false, message: 'too many wait already' })
    if (this.#identity.servers.length === 0) return Promise.resolve({ answered: false, message: 'there is no server' })
    const promise = new Promise<SyncAnswer>(resolve => this.#next.add(resolve))
    this.#move({ type: 'sync' })
    return promise
  }

  /** Reports no more; a report under way is ended. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#kill()
    for (const tell of this.#next) this.#waiters.add(tell)
    this.#tell({ answered: false, message: 'agent-spawn ends' })
  }

  #move(event: ScheduleEvent): void {
    this.#schedule = scheduleStep(this.#schedule, event, this.#world.now())
    this.#arm()
  }

  #arm(): void {
    clearTimeout(this.#timer)
    if (this.#closed) return
    const { next, running, step } = this.#schedule
    const at = running === null ? next : running + Math.max(REPORT_SECONDS, step)
    const least = this.#identity.servers.length === 0 ? step : 0 // nobody to report to: a task may bring somebody
    const wait = Math.min(Math.max(least, at - this.#world.now()) * 1000, LONGEST_MS)
    this.#timer = setTimeout(() => this.#due(), wait)
  }

  #due(): void {
    const { next, running } = this.#schedule
    const now = this.#world.now()
    if (running !== null && now - running >= Math.max(REPORT_SECONDS, this.#schedule.step)) this.#kill()
    else if (running === null && now >= next && this.#identity.servers.length > 0) this.#begin()
    else this.#arm()
  }

  #begin(): void {
    this.#wasAnswered = false
    this.#waiters = this.#next
    this.#next = new Set()
    this.#move({ type: 'began' })
    const [program, ...args] = this.#command
    try {
      const child = spawn(program, args, { detached: true, env: this.#env, stdio: ['ignore', 'ignore', 'inherit'] })
      this.#child = child
      const ended = (reason: string) => {
        if (this.#child === child) this.#ended(reason)
      }
      child.once('error', error => ended(reasonOf(error)))
      child.once('exit', (code, signal) => ended(`report-round ended with ${signal ?? `status ${code}`}`))
    } catch (error) {
      this.#ended(reasonOf(error))
    }
  }

  #kill(): void {
    try {
      if (this.#child?.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }

  #ended(reason: string): void {
    this.#child = undefined
    if (this.#closed) return
    if (this.#wasAnswered) {
      this.#move({ type: 'answered', chance: Math.random() })
      this.#tell({ answered: true, message: 'a server has answered' })
      return
    }
    this.#world.log.log('warn', `no report: ${reason}`)
    this.#move({ type: 'failed', chance: Math.random() })
    this.#tell({ answered: false, message: reason })
  }

  #tell(answer: SyncAnswer): void {
    for (const tell of this.#waiters) tell(answer)
    this.#waiters.clear()
  }
}

/**
 * The place of a host among the others, from 0 to 1: always the same, whenever agent-spawn is started, until the host boots
 * again.
 */
function slotOf(agentsn: string, boot: string): number {
  return createHash('sha256').update(`${agentsn} ${boot}`).digest().readUInt32BE() / 2 ** 32
}

function hostUptime(): number {
  return Number.parseFloat(readFileSync('/proc/uptime', 'latin1'))
}
