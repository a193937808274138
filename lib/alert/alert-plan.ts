import type { AlertState, KnownAlert } from '../model/alert-state.ts'
import { type Gathered, KEYS_MOST } from './alert-input.ts'

/** The times of the decision, in seconds. */
export interface AlertTimes {
  readonly now: number
  /** The same alert is mailed again only after this time. */
  readonly every: number
  /** An alert is over when it has not come in for this time. */
  readonly clearAfter: number
}

/** What is to be mailed, and what is remembered when it was mailed, or could not be. */
export interface AlertPlan {
  /** The worst first; empty together with `cleared`: no mail. */
  readonly due: readonly KnownAlert[]
  readonly cleared: readonly KnownAlert[]
  /** Came in too, and was mailed not long ago. */
  readonly quiet: readonly KnownAlert[]
  /** Came in too, beyond what is kept apart. */
  readonly overflow: number
  readonly ifSent: AlertState
  readonly ifNotSent: AlertState
}

/**
 * Decides what one run mails (damping 8.4: one alert a change of state, and a reminder an hour). An alert that comes
 * back within `every` after its all-clear doubles its wait for the next one, up to `every`: one that flaps does not
 * make alert and all-clear alternate. Pure.
 */
export function planAlerts(state: AlertState, gathered: Gathered, times: AlertTimes): AlertPlan {
  const { now, every } = times
  const known = new Map(Object.entries(state.alerts))
  let { overflow } = gathered
  const came = new Set<string>()
  for (const alert of gathered.alerts) {
    const before = known.get(alert.key)
    if (before === undefined && known.size >= KEYS_MOST) {
      overflow += alert.count
      continue
    }
    came.add(alert.key)
    known.set(alert.key, toKnown(before, alert, now))
  }
  const sorted = [...known].sort(([, a], [, b]) => rank(a) - rank(b) || a.first - b.first)
  const isDue = ([key, alert]: Entry) =>
    alert.pending || (came.has(key) && (alert.mailed === null || now - alert.mailed >= every || now < alert.mailed))
  const isOver = ([key, alert]: Entry) =>
    !came.has(key) && !alert.pending && alert.cleared === null && now - alert.last >= waitOf(alert, times)
  const due = sorted.filter(isDue)
  const over = sorted.filter(isOver)
  const entries = sorted.filter(([, alert]) => alert.cleared === null || now - alert.cleared < every)
  return {
    due: due.map(alertOf),
    cleared: over.map(alertOf),
    quiet: sorted.filter(entry => came.has(entry[0]) && !isDue(entry)).map(alertOf),
    overflow,
    ifSent: toState(entries.map(entry => sent(entry, isDue(entry), isOver(entry), now))),
    ifNotSent: toState(entries.map(([key, alert]) => [key, isDue([key, alert]) ? { ...alert, pending: true } : alert])),
  }
}

type Entry = readonly [key: string, alert: KnownAlert]

/** When it came in last is the time here: what a record says of its own time may be another host's clock. */
function toKnown(before: KnownAlert | undefined, alert: Gathered['alerts'][number], now: number): KnownAlert {
  const { level, command, message, place, count } = alert
  const news = { level, command, message, place, last: now }
  if (before !== undefined && before.cleared === null) return { ...before, ...news, count: before.count + count }
  const returns = before === undefined ? 0 : before.returns + 1
  return { ...news, first: Math.min(alert.time, now), count, pending: false, mailed: null, cleared: null, returns }
}

function sent([key, alert]: Entry, due: boolean, over: boolean, now: number): Entry {
  if (due) return [key, { ...alert, pending: false, mailed: now }]
  return over ? [key, { ...alert, cleared: now }] : [key, alert]
}

function waitOf(alert: KnownAlert, { every, clearAfter }: AlertTimes): number {
  return Math.max(clearAfter, Math.min(every, clearAfter * 2 ** Math.min(alert.returns, 30)))
}

function rank({ level }: KnownAlert): number {
  return level === 'fatal' ? 0 : 1
}

function alertOf([, alert]: Entry): KnownAlert {
  return alert
}

function toState(entries: readonly Entry[]): AlertState {
  return { type: 'alert-state', version: 1, alerts: Object.fromEntries(entries) }
}
