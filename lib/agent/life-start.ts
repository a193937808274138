import { renderDuration } from './duration.ts'
import type { Ending, Life, LifeAction, ProcessId } from './life.ts'
import { failStart, fall } from './life-end.ts'
import { after, type Move, type Setting, stay } from './life-launch.ts'
import { isPending, POLICY, ranFor } from './life-rules.ts'
import { beginStop } from './life-stop.ts'

/** A process runs; of a `fork` agent only the command that forks. */
export function spawned(life: Life, setting: Setting, process: ProcessId | null): Move {
  if (!isPending(life)) return stay(life)
  const { config, now } = setting
  const launching = process === null
  const wait = launching ? Math.max(POLICY.again, config.startsecs) : config.startsecs
  const message = launching ? 'started: its command runs' : `started: pid ${process.pid}`
  const begun: Life = { ...life, since: now, started: now, process, launching, until: now + wait }
  return after([{ type: 'event', kind: 'start', message }], launching ? stay(begun) : upWhenDue(begun, setting))
}

/** It was running already (B21), well when it has for `startsecs`. */
export function adopted(life: Life, setting: Setting, process: ProcessId, since: number): Move {
  if (!isPending(life)) return stay(life)
  const started = Math.min(since, setting.now)
  const until = started + setting.config.startsecs
  const ran = renderDuration(setting.now - started)
  const message = `taken over: pid ${process.pid} has run for ${ran}`
  const taken: Life = { ...life, started, process, adopted: true, until }
  return after([{ type: 'event', kind: 'adopt', message }], upWhenDue(taken, setting))
}

/** `startsecs` may be over: it has started well, or its pid file has to say so (B15, B19). */
export function checkStart(life: Life, setting: Setting): Move {
  if (setting.config.type === 'simple' || life.adopted) return upWhenDue(life, setting)
  return { life: askAgain(life, setting), actions: [{ type: 'refresh' }] }
}

/** The command that forks has ended; its exit is ignored, but by now the pid file may be there (B15). */
export function commandEnded(life: Life): Move {
  return { life: { ...life, launching: false }, actions: [{ type: 'refresh' }] }
}

/** A process is gone that nobody stopped: the pid file of a `fork` agent may name the next one (B15). */
export function processGone(life: Life, setting: Setting, ending: Ending, groupLeft: boolean): Move {
  if (setting.config.type === 'simple') return fall(life, setting, ending, groupLeft)
  const until = life.state === 'running' ? setting.now + POLICY.again : life.until
  return { life: { ...life, process: null, adopted: false, ending, until }, actions: [{ type: 'refresh' }] }
}

/** What the pid file says while nobody stops it. */
export function refreshed(life: Life, setting: Setting, found: ProcessId | null, since: number, why: string): Move {
  if (isPending(life)) return stay(life)
  if (found === null) return life.process === null ? noProcess(life, setting, why) : upAfterRefresh(stay(life), setting)
  if (life.process?.pid === found.pid && life.process.startTime === found.startTime)
    return upAfterRefresh(stay(life), setting)
  const started = Math.min(since, setting.now)
  const until = life.state === 'running' ? null : life.until
  const next: Life = { ...life, process: found, adopted: false, started, until, ending: null }
  const known = life.ending !== null || life.process !== null
  const kind = known ? 'adopt' : 'start'
  const message = known ? `goes on as pid ${found.pid}` : `its process is pid ${found.pid}`
  return upAfterRefresh({ life: next, actions: [{ type: 'event', kind, message }] }, setting)
}

function noProcess(life: Life, setting: Setting, why: string): Move {
  const { state, launching, ending } = life
  if (launching && state === 'starting') return stay(askAgain(life, setting))
  if (launching) return after([LOST], beginStop(life, setting, 'backoff'))
  if (ending === null && !isOver(life, setting)) return stay(life)
  return ending === null ? failStart(life, setting, why) : fall(life, setting, ending, true)
}

const LOST: LifeAction = {
  type: 'event',
  kind: 'abnormal',
  message: 'its process is gone, and the command that forks runs on: it is stopped',
}

function upAfterRefresh(move: Move, setting: Setting): Move {
  const up = move.life.state === 'starting' && isOver(move.life, setting) ? goUp(move.life, setting) : stay(move.life)
  return after(move.actions, up)
}

/** Since the start of the command, not of the process that came of it. */
function isOver({ since }: Life, { config, now }: Setting): boolean {
  return now >= since + config.startsecs
}

/** The pid file is read again when `startsecs` are over, and then as often, until it names a process. */
function askAgain(life: Life, { config, now }: Setting): Life {
  if (life.until !== null && life.until > now) return life
  return { ...life, until: now + Math.max(POLICY.again, life.state === 'running' ? 0 : config.startsecs) }
}

function upWhenDue(life: Life, setting: Setting): Move {
  return life.until === null || setting.now >= life.until ? goUp(life, setting) : stay(life)
}

function goUp(life: Life, setting: Setting): Move {
  const message = `running: up for ${renderDuration(ranFor(life, setting.now))}`
  const action: LifeAction = { type: 'event', kind: 'running', message }
  return { life: { ...life, state: 'running', since: setting.now, until: null }, actions: [action] }
}
