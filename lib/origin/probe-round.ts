import type { Measured } from './probe-combine.ts'
import { watchLag } from './probe-lag.ts'
import { type Bodies, measure, notMeasured, readBodies } from './probe-measure.ts'
import { RateLimit } from './probe-rate.ts'
import { Agenda, type Due } from './probe-schedule.ts'
import { startOf } from './probe-spread.ts'
import type { Wire } from './probe-transfer.ts'
import type { Unit } from './probe-unit.ts'

/** What every socket reads into: large enough that system calls do not show, small enough for the processor's cache. */
const BUFFER_BYTES = 256 * 1024
/**
 * New connections in one turn of the event loop: opening one takes long enough to show in the times of the others. With
 * 35, as the legacy program had it, a connection on loopback takes 18 ms on average, with 4 it takes 8.
 */
const STARTS_A_TURN = 4
/** How long after a failure an address that is published now is asked again, in milliseconds (damping 8.1). */
const REPEAT_MS = [2000, 5000]

/** How a round is run. */
export interface RoundPlan {
  readonly units: readonly Unit[]
  /** The most connections at the same time. */
  readonly connections: number
  /** Bytes per second over all; undefined: as fast as they come. */
  readonly rate: number | undefined
  /** Seconds from round to round, over half of which the units are spread; undefined: no spreading. */
  readonly period: number | undefined
  /** Seconds after which the round ends; undefined: none. */
  readonly limit: number | undefined
  /** True when one of the unit's addresses is answered now, so that a failure must be made sure of. */
  readonly isPublished: (unit: Unit) => boolean
  /** Takes a finished unit; the next one of its place waits for it. Its error ends the round at once. */
  readonly onMeasured: (unit: Unit, measured: Measured, repeats: number) => Promise<void> | undefined
  /** Called after every unit. */
  readonly onProgress: (sums: RoundSums) => void
}

/** What has been measured so far, in units. */
export interface RoundSums {
  readonly done: number
  readonly ok: number
  readonly suspect: number
  /** Failed for a reason on this host. */
  readonly local: number
  readonly bytes: number
  readonly seconds: number
}

/** Measures all units of a round and returns the sums; rejects with what `onMeasured` threw. */
export async function runRound(plan: RoundPlan): Promise<RoundSums> {
  const bodies = await readBodies(plan.units)
  const wire = await openWire(plan)
  return new Promise((resolve, reject) => {
    const round = new RoundRun(plan, bodies, wire, (sums, error) =>
      error === undefined ? resolve(sums) : reject(error),
    )
    round.pump()
  })
}

interface Job {
  readonly unit: Unit
  /** Quick repeats so far. */
  readonly repeats: number
  /** How it failed before, where it did. */
  readonly failed?: Measured
}

class RoundRun {
  readonly #plan: RoundPlan
  readonly #bodies: Bodies
  readonly #end: (sums: RoundSums, error?: unknown) => void
  readonly #wire: Wire
  readonly #agenda: Agenda<Job>
  readonly #startedMs = performance.now()
  readonly #limiter: NodeJS.Timeout | undefined
  #sums = { done: 0, ok: 0, suspect: 0, local: 0, bytes: 0 }
  #active = 0
  #over = false
  #ended = false
  #waker: NodeJS.Timeout | undefined

  constructor(plan: RoundPlan, bodies: Bodies, wire: Wire, end: (sums: RoundSums, error?: unknown) => void) {
    this.#plan = plan
    this.#bodies = bodies
    this.#end = end
    this.#wire = wire
    this.#agenda = new Agenda(
      plan.units.map((unit): Due<Job> => ({ atMs: placeOf(unit, plan), job: { unit, repeats: 0 } })),
    )
    if (plan.limit !== undefined) this.#limiter = setTimeout(() => this.#timeUp(), plan.limit * 1000)
  }

  /** Starts what is due, as far as the caps allow, and comes back when there is more to start. */
  pump(): void {
    clearTimeout(this.#waker)
    if (this.#ended) return
    for (let started = 0; this.#active < this.#plan.connections; started++) {
      const atMs = this.#over ? 0 : this.#agenda.nextMs
      if (this.#agenda.size === 0 || atMs === undefined) break
      const waitMs = Math.max(
        atMs - (performance.now() - this.#startedMs),
        this.#over ? 0 : (this.#wire.rate?.waitMs ?? 0),
      )
      if (waitMs > 0 || started === STARTS_A_TURN) {
        this.#waker = setTimeout(() => this.pump(), Math.ceil(waitMs))
        return
      }
      const job = this.#agenda.take()
      if (job !== undefined) this.#start(job)
    }
    if (this.#active === 0 && this.#agenda.size === 0) this.#finish()
  }

  #start(job: Job): void {
    this.#active++
    this.#run(job).then(
      () => {
        this.#active--
        this.pump()
      },
      error => this.#finish(error),
    )
  }

  async #run({ unit, repeats, failed }: Job): Promise<void> {
    if (this.#over) return this.#tell(unit, failed ?? notMeasured(unit), Math.max(0, repeats - 1))
    const measured = await measure(unit, this.#wire, this.#bodies, () => this.#over)
    this.#sums.bytes += measured.bytes
    const againMs = REPEAT_MS[repeats]
    if (measured.ok || this.#over || againMs === undefined || !this.#plan.isPublished(unit)) {
      return this.#tell(unit, measured, repeats)
    }
    const job = { unit, repeats: repeats + 1, failed: measured }
    this.#agenda.add({ atMs: performance.now() - this.#startedMs + againMs, job })
  }

  async #tell(unit: Unit, measured: Measured, repeats: number): Promise<void> {
    this.#sums.done++
    if (measured.ok) this.#sums.ok++
    if (measured.suspect) this.#sums.suspect++
    if (measured.error === 'local') this.#sums.local++
    await this.#plan.onMeasured(unit, measured, repeats)
    this.#plan.onProgress(this.#report())
  }

  /** What is under way is cut off; what is left is told as not measured. */
  #timeUp(): void {
    this.#over = true
    for (const transfer of [...this.#wire.running]) transfer.cancel()
    this.pump()
  }

  #finish(error?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#over = true
    clearTimeout(this.#waker)
    clearTimeout(this.#limiter)
    for (const transfer of [...this.#wire.running]) transfer.cancel()
    this.#wire.lag.close()
    this.#end(this.#report(), error)
  }

  #report(): RoundSums {
    return { ...this.#sums, seconds: Math.round(performance.now() - this.#startedMs) / 1000 }
  }
}

function placeOf({ key }: Unit, { period }: RoundPlan): number {
  return period === undefined ? 0 : startOf(key, period, Math.random) * 1000
}

async function openWire({ rate, units }: RoundPlan): Promise<Wire> {
  const tls = units.some(unit => unit.way === 'HTTPS') ? await import('node:tls') : undefined
  return {
    buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES),
    lag: watchLag(),
    rate: rate === undefined ? undefined : new RateLimit(rate),
    // Without root certificates: none is verified, and reading them takes longer than a handshake.
    tls: tls && { connect: tls.connect, secureContext: tls.createSecureContext({ ca: [] }) },
    running: new Set(),
  }
}
