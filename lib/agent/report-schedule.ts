/** When the host reports (B10, B11): times of the steady clock, in seconds. */
export interface ReportSchedule {
  /** Between two reports. */
  readonly step: number
  /** Failed reports in a row. */
  readonly failures: number
  /** When the next one is due. */
  readonly next: number
  /** One is under way, since then; null: none. */
  readonly running: number | null
  /** Another one is wanted as soon as that has ended. */
  readonly again: boolean
}

/** What moves the schedule; `chance` is a random number from 0 to 1. */
export type ScheduleEvent =
  /** A report was started. */
  | { readonly type: 'began' }
  | { readonly type: 'answered'; readonly chance: number }
  | { readonly type: 'failed'; readonly chance: number }
  /** Somebody wants a report now. */
  | { readonly type: 'sync' }
  | { readonly type: 'step'; readonly step: number; readonly chance: number }

/** The bounds of the step, in seconds (B10), and what it is where nobody says. */
export const STEP = { least: 60, most: 3600, usual: 600 } as const
/** The wait after a failed report, in seconds (B11). */
export const RETRY = 180
/** A host reports at its own place in the step, give or take this part of the step. */
const JITTER = 0.02

/**
 * The first report of an agent-spawn. After a boot of the host it comes at a random place in the retry delay: a site that
 * comes back from a power failure does not come all at once; else at a random place in a tenth of it.
 */
export function firstReport(now: number, step: number, afterBoot: boolean, chance: number): ReportSchedule {
  return { step, failures: 0, next: now + chance * (afterBoot ? RETRY : RETRY / 10), running: null, again: false }
}

/** What follows from an event. Pure. */
export function scheduleStep(schedule: ReportSchedule, event: ScheduleEvent, now: number): ReportSchedule {
  switch (event.type) {
    case 'began':
      return { ...schedule, running: now, again: false }
    case 'answered':
      return ended({ ...schedule, failures: 0 }, now + schedule.step * spread(event.chance), now)
    case 'failed':
      return ended(
        { ...schedule, failures: schedule.failures + 1 },
        now + retryDelay(schedule.failures, schedule.step, event.chance),
        now,
      )
    case 'sync':
      return schedule.running === null ? { ...schedule, next: now } : { ...schedule, again: true }
    case 'step':
      return { ...schedule, step: event.step, next: Math.min(schedule.next, now + event.step * spread(event.chance)) }
    default:
      return event satisfies never
  }
}

/**
 * The wait after a failed report: the retry delay, doubled with each failure in a row up to the step, and of that a random
 * part from a half to the whole, so that the hosts of a server that was down do not come all at once.
 */
export function retryDelay(failures: number, step: number, chance: number): number {
  const longest = Math.max(RETRY, step)
  const delay = Math.min(longest, RETRY * 2 ** Math.min(failures, 10))
  return delay * (0.5 + chance / 2)
}

function ended(schedule: ReportSchedule, next: number, now: number): ReportSchedule {
  return { ...schedule, running: null, again: false, next: schedule.again ? now : next }
}

function spread(chance: number): number {
  return 1 - JITTER + 2 * JITTER * chance
}
