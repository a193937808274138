import type { Life, LifeEvent, Step } from './life.ts'
import { onClock } from './life-clock.ts'
import { failStart } from './life-end.ts'
import { after, launch, type Move, rest, type Setting, stay } from './life-launch.ts'
import { isPending } from './life-rules.ts'
import { adopted, checkStart, commandEnded, processGone, refreshed, spawned } from './life-start.ts'
import { afterGroup, beginStop, endInStop, pressStop, refreshInStop } from './life-stop.ts'

/** What the next state is and what is to be done (B15, B19 to B23, B25, B28, B30 to B32). Pure; never throws. */
export const step: Step = (config, life, event, now) => decide(onClock(config, life, now), { config, now }, event)

function decide(life: Life, setting: Setting, event: LifeEvent): Move {
  switch (event.type) {
    case 'start':
      return start(life, setting)
    case 'stop':
      return stop(life, setting)
    case 'restart':
      return restart(life, setting)
    case 'spawned':
      return spawned(life, setting, event.process)
    case 'adopted':
      return adopted(life, setting, event.process, event.started)
    case 'failed':
      return isPending(life) ? failStart(life, setting, event.message) : stay(life)
    case 'exit':
    case 'gone':
      return ended(life, setting, event)
    case 'group-empty':
      return life.state === 'stopping' ? afterGroup(life, setting) : stay(life)
    case 'refreshed':
      return answered(life, setting, event)
    case 'overflow':
      return force(life, setting, 'killed', event.message)
    case 'unhealthy':
      return force(life, setting, 'backoff', event.message)
    case 'timer':
      return life.until !== null && setting.now >= life.until ? due(life, setting) : stay(life)
    default:
      return event satisfies never
  }
}

function start(life: Life, setting: Setting): Move {
  if (isUp(life)) return stay(life)
  const asked = { ...life, failures: 0 }
  if (life.state !== 'stopping') return launch(asked, setting, false)
  const isAlone = setting.config.single || life.process === null || life.launching || life.next === 'start'
  if (isAlone) return stay({ ...asked, next: 'start' })
  return after([{ type: 'abandon' }], launch(asked, setting, true))
}

function stop(life: Life, setting: Setting): Move {
  switch (life.state) {
    case 'starting':
    case 'running':
      return beginStop(life, setting, 'stoped')
    case 'stopping':
      return stay({ ...life, next: 'stoped' })
    case 'backoff':
    case 'killed':
    case 'fatal':
      return stay(rest(life, 'stoped', setting.now))
    case 'stoped':
      return stay(life)
    default:
      return life.state satisfies never
  }
}

function restart(life: Life, setting: Setting): Move {
  const asked = { ...life, failures: 0 }
  if (isUp(life)) return beginStop(asked, setting, 'start')
  return life.state === 'stopping' ? stay({ ...asked, next: 'start' }) : launch(asked, setting, false)
}

/** Over a limit, or not healthy: it is stopped, and started again by the rules of an abnormal end. */
function force(life: Life, setting: Setting, next: 'killed' | 'backoff', message: string): Move {
  if (!isUp(life) || life.process === null) return stay(life)
  const kind = next === 'killed' ? 'killed' : 'abnormal'
  return after([{ type: 'event', kind, message }], beginStop({ ...life, forced: message }, setting, next))
}

function ended(life: Life, setting: Setting, event: LifeEvent & { type: 'exit' | 'gone' }): Move {
  const isCommand = event.type === 'exit' && life.launching
  if (!isCommand && life.process === null) return stay(life)
  const ending =
    event.type === 'exit'
      ? { code: event.code, signal: event.signal, oom: event.oom }
      : { code: null, signal: null, oom: event.oom }
  if (life.state === 'stopping') return endInStop(life, setting, { ending, groupLeft: event.groupLeft, isCommand })
  return isCommand ? commandEnded(life) : processGone(life, setting, ending, event.groupLeft)
}

function answered(life: Life, setting: Setting, event: LifeEvent & { type: 'refreshed' }): Move {
  if (setting.config.type === 'simple') return stay(life)
  if (life.state === 'stopping') return refreshInStop(life, setting, event.process)
  if (!isUp(life)) return stay(life)
  if (event.process === null) return refreshed(life, setting, null, setting.now, event.message)
  return refreshed(life, setting, event.process, event.started, '')
}

function due(life: Life, setting: Setting): Move {
  switch (life.state) {
    case 'starting':
      return checkStart(life, setting)
    case 'stopping':
      return pressStop(life, setting)
    case 'backoff':
    case 'killed':
      return launch(life, setting, true)
    case 'running':
      return { life: { ...life, until: setting.now + 1 }, actions: [{ type: 'refresh' }] }
    case 'stoped':
    case 'fatal':
      return stay({ ...life, until: null })
    default:
      return life.state satisfies never
  }
}

function isUp({ state }: Life): boolean {
  return state === 'starting' || state === 'running'
}
