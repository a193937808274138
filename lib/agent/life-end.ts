import { renderDuration } from './duration.ts'
import type { Ending, Life, LifeAction } from './life.ts'
import { after, launch, type Move, rest, type Setting, stay } from './life-launch.ts'
import { type Fall, judgeFall, ranFor, type Verdict } from './life-rules.ts'
import { renderEnd, renderFailures } from './life-words.ts'

/** A process is gone that nobody stopped: what its group has left goes first, or it would be adopted or doubled. */
export function fall(life: Life, setting: Setting, ending: Ending, groupLeft: boolean): Move {
  const ran = ranFor(life, setting.now)
  const verdict = judgeFall(setting.config, life, { ending, ran, forced: false })
  const events = endEvents(verdict.abnormal ? 'abnormal' : 'exit', renderEnd(ending, ran), ending)
  return after(
    [...leftovers(groupLeft && setting.config.stopasgroup), ...events],
    settle({ ...life, ending }, setting, verdict, 'backoff'),
  )
}

/** It could not be started, or no process came of it. */
export function failStart(life: Life, setting: Setting, message: string): Move {
  const none: Fall = { ending: null, ran: 0, forced: false }
  const event: LifeAction = { type: 'event', kind: 'abnormal', message: `start failed: ${message}` }
  return after([event], settle(life, setting, judgeFall(setting.config, life, none), 'backoff'))
}

/** It was stopped for a limit (`killed`) or its health (`backoff`), and is gone (B25, B28). */
export function settleForced(life: Life, setting: Setting, wait: 'backoff' | 'killed'): Move {
  const ending = life.ending ?? { code: null, signal: null, oom: false }
  const verdict = judgeFall(setting.config, life, { ending, ran: ranFor(life, setting.now), forced: true })
  if (wait === 'killed' && setting.config.autorestart === 'no')
    return stay({ ...rest(life, 'killed', setting.now), failures: verdict.failures })
  return settle(life, setting, verdict, wait)
}

/** The events of an end; a kill for want of memory has one of its own. */
export function endEvents(kind: 'exit' | 'abnormal', message: string, ending: Ending): LifeAction[] {
  const end: LifeAction = { type: 'event', kind, message, evidence: ending }
  return ending.oom ? [{ type: 'event', kind: 'oom', message: 'the kernel killed it for want of memory' }, end] : [end]
}

/** Ends what is left of a process group. */
export function leftovers(groupLeft: boolean): LifeAction[] {
  return groupLeft ? [{ type: 'kill-group' }] : []
}

function settle(life: Life, setting: Setting, verdict: Verdict, state: 'backoff' | 'killed'): Move {
  const { config, now } = setting
  const { failures, outcome, wait } = verdict
  const counted = { ...life, failures }
  if (outcome === 'stoped') return stay(rest(counted, 'stoped', now))
  if (outcome === 'fatal') {
    const why = config.autorestart === 'no' ? 'autorestart is no' : renderFailures(config, failures)
    const event: LifeAction = { type: 'event', kind: 'fatal', message: `given up: ${why}` }
    return { life: rest(counted, 'fatal', now), actions: [event] }
  }
  const count = failures > 0 ? `: ${renderFailures(config, failures)}` : ''
  if (wait === null || wait <= 0) {
    const event: LifeAction = { type: 'event', kind: 'restart', message: `starts again at once${count}` }
    return after([event], launch(counted, setting, true))
  }
  const message = `starts again in ${renderDuration(wait)}${count}`
  return { life: rest(counted, state, now, now + wait), actions: [{ type: 'event', kind: 'restart', message }] }
}
