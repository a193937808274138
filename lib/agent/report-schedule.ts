/** When the host reports (B10, B11): times of the steady clock, in seconds. */
export interface ReportSchedule {
  /** Between two reports. */
  readonly step: number
  /** The wait after a failed report, before it grows. */
  readonly retry: number
  /** The place of this host within each step, from 0 to 1. */
  readonly slot: number
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

/** How a host reports: what is set for it, and its place among the others. */
export interface ReportPlan {
  readonly step: number
  readonly retry: number
  readonly slot: number
}

/** The bounds of the step and of the retry delay where they are set on the host, and their defaults, in seconds (B10, B11). */
export const STEP = { least: 180, most: 3600, usual: 600 } as const
export const RETRY = { least: 60, most: 3600, usual: 180 } as const
/** A host reports at its own place in the step, give or take this part of the step. */
const JITTER = 0.02
/** The first report of a host that no server knows comes within so many seconds. */
const FIRST_SECONDS = 18

/**
 * The first report of an agent-spawn. After a boot of the host it comes at a random place in the retry delay: a site that
 * comes back from a power failure does not come all at once. A host that no server knows comes soon; any other at its place
 * in the step, however often agent-spawn is started again, and however many hosts have it started again at once.
 */
export function firstReport(
  plan: ReportPlan,
  now: number,
  since: { readonly boot: boolean; readonly registered: boolean },
  chance: number,
): ReportSchedule {
  const schedule = { ...plan, failures: 0, next: now, running: null, again: false }
  if (since.boot) return { ...schedule, next: now + chance * plan.retry }
  if (!since.registered) return { ...schedule, next: now + chance * FIRST_SECONDS }
  return { ...schedule, next: slotAfter(schedule, now, chance) }
}

/** What follows from an event. Pure. */
export function scheduleStep(schedule: ReportSchedule, event: ScheduleEvent, now: number): ReportSchedule {
  switch (event.type) {
    case 'began':
      return { ...schedule, running: now, again: false }
    case 'answered':
      return ended({ ...schedule, failures: 0 }, slotAfter(schedule, now + schedule.step / 2, event.chance), now)
    case 'failed':
      return ended(
        { ...schedule, failures: schedule.failures + 1 },
        now + retryDelay(schedule, schedule.failures, event.chance),
        now,
      )
    case 'sync':
      return schedule.running === null ? { ...schedule, next: now } : { ...schedule, again: true }
    case 'step': {
      const after = { ...schedule, step: event.step }
      return { ...after, next: Math.min(schedule.next, slotAfter(after, now + event.step / 2, event.chance)) }
    }
    default:
      return event satisfies never
  }
}

/**
 * The wait after a failed report: the retry delay, doubled with each failure in a row up to the step, and of that a random
 * part from a half to the whole, so that the hosts of a server that was down do not come all at once.
 */
export function retryDelay(
  { step, retry }: Pick<ReportPlan, 'step' | 'retry'>,
  failures: number,
  chance: number,
): number {
  const longest = Math.max(retry, step)
  const delay = Math.min(longest, retry * 2 ** Math.min(failures, 10))
  return delay * (0.5 + chance / 2)
}

/** The first time after `after` at which this host's place in the step comes round, give or take a little. */
function slotAfter({ step, slot }: Pick<ReportPlan, 'step' | 'slot'>, after: number, chance: number): number {
  const round = Math.ceil(after / step - slot)
  return Math.max(after, (round + slot + JITTER * (2 * chance - 1)) * step)
}

function ended(schedule: ReportSchedule, next: number, now: number): ReportSchedule {
  return { ...schedule, running: null, again: false, next: schedule.again ? now : next }
}
