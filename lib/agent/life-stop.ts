import { renderDuration } from './duration.ts'
import type { Ending, Life, LifeAction, ProcessId } from './life.ts'
import { endEvents, leftovers, settleForced } from './life-end.ts'
import { after, launch, type Move, rest, type Setting, stay } from './life-launch.ts'
import { POLICY, ranFor } from './life-rules.ts'
import { renderEnd } from './life-words.ts'

type Next = NonNullable<Life['next']>

/** Stops what runs, and goes to `next` when it is gone (B22). A launch that is not answered yet is called off. */
export function beginStop(life: Life, setting: Setting, next: Next): Move {
  const { config, now } = setting
  const kill = config.stopsecs <= 0 || config.stopsignal === 'SIGKILL'
  const stopping: Life = {
    ...life,
    state: 'stopping',
    since: now,
    until: now + (kill ? POLICY.again : config.stopsecs),
    next,
    kills: kill ? 1 : 0,
  }
  const known = life.process !== null
  if (!known && !life.launching && (life.started === null || config.type === 'simple')) return finish(stopping, setting)
  const actions: LifeAction[] = known || life.launching ? [signal(setting, kill)] : []
  return { life: stopping, actions: known ? actions : [...actions, { type: 'refresh' }] }
}

/** The deadline of a stop has come: SIGKILL, and again each second while the kernel holds the process. */
export function pressStop(life: Life, setting: Setting): Move {
  const { now } = setting
  const pressed: Life = { ...life, kills: life.kills + 1, until: now + POLICY.again }
  const there = life.process !== null || life.launching
  const actions: LifeAction[] = there ? [signal(setting, true)] : leftovers(life.groupLeft)
  if (!there && !life.groupLeft) actions.push({ type: 'refresh' })
  if (life.kills === 1 && there) actions.push({ type: 'event', kind: 'abnormal', message: HELD })
  return { life: pressed, actions }
}

const HELD = 'still there a second after SIGKILL: the kernel holds it; SIGKILL goes on each second'

/** The main process has ended during the stop; or, where `isCommand`, the command that forks. */
export function endInStop(life: Life, setting: Setting, end: EndInStop): Move {
  const { ending, groupLeft, isCommand } = end
  if (isCommand && life.process !== null) return stay({ ...life, launching: false })
  const told: Life = isCommand ? { ...life, launching: false, ending } : { ...life, process: null, ending }
  const events = endEvents('exit', renderStop(told, setting, ending), ending)
  if (told.launching) return { life: told, actions: events }
  if (groupLeft && setting.config.stopasgroup)
    return { life: { ...told, groupLeft: true }, actions: [...events, ...leftovers(life.kills > 0)] }
  const left = leftovers(groupLeft && (life.next === 'killed' || life.next === 'backoff'))
  return after([...events, ...left], afterGroup(told, setting))
}

/** See LifeEvent; `isCommand`: of the command that forks. */
export interface EndInStop {
  readonly ending: Ending
  readonly groupLeft: boolean
  readonly isCommand: boolean
}

/** Its group is empty: a `fork` agent may have another process (B15), else the stop is over. */
export function afterGroup(life: Life, setting: Setting): Move {
  if (life.process !== null || life.launching) return stay(life)
  const alone: Life = { ...life, groupLeft: false }
  return setting.config.type === 'fork' ? { life: alone, actions: [{ type: 'refresh' }] } : finish(alone, setting)
}

/** The pid file was read during the stop: what it names is stopped as well; nothing: the stop is over. */
export function refreshInStop(life: Life, setting: Setting, process: ProcessId | null): Move {
  if (life.process !== null) return stay(life)
  if (process === null) return life.launching || life.groupLeft ? stay(life) : finish(life, setting)
  return { life: { ...life, process, adopted: false }, actions: [signal(setting, life.kills > 0)] }
}

/** Nothing of it is there any more: what comes after the stop. */
function finish(life: Life, setting: Setting): Move {
  const { next } = life
  switch (next) {
    case 'start':
      return launch(life, setting, life.started !== null)
    case 'backoff':
    case 'killed':
      return settleForced(life, setting, next)
    case 'fatal':
    case 'stoped':
    case null:
      return stay(rest(life, next ?? 'stoped', setting.now))
    default:
      return next satisfies never
  }
}

function signal({ config }: Setting, kill: boolean): LifeAction {
  return { type: 'signal', signal: kill ? 'SIGKILL' : config.stopsignal, group: config.stopasgroup }
}

function renderStop(life: Life, { config, now }: Setting, ending: Ending): string {
  const late = life.kills > 0 && config.stopsecs > 0 && config.stopsignal !== 'SIGKILL'
  const why = late ? `; ${config.stopsignal} had not ended it in ${renderDuration(config.stopsecs)}` : ''
  return `stopped: ${renderEnd(ending, ranFor(life, now))}${why}`
}
