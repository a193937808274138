import type { AgentConfig } from '../model/agent-config.ts'
import { renderDuration } from './duration.ts'
import type { Life } from './life.ts'
import { failuresNow, isLost, isPending, isSpent, POLICY, ranFor } from './life-rules.ts'
import { renderEnding } from './life-words.ts'

/** What an agent is doing, what happens next and why, and what stands in the way, in lines for a person (B30). Pure. */
export function explain(config: AgentConfig, life: Life, now: number): readonly string[] {
  return [...stateLines(config, life, now), ...lastEnd(life), ...ruleLines(config, life, now)]
}

function stateLines(config: AgentConfig, life: Life, now: number): readonly string[] {
  switch (life.state) {
    case 'stoped':
      return [`stoped for ${since(life, now)}`, asks(config, `nothing starts it${config.autostart ? AUTOSTART : ''}`)]
    case 'starting':
      return startLines(config, life, now)
    case 'running':
      return runLines(config, life, now)
    case 'stopping':
      return stopLines(config, life, now)
    case 'backoff':
      return [
        `not running for ${since(life, now)}`,
        `restarts by itself ${within(life, now)}${count(config, life, now)}`,
      ]
    case 'killed':
      return killedLines(config, life, now)
    case 'fatal':
      return [`given up ${since(life, now)} ago`, asks(config, `nothing starts it: ${whyFatal(config, life)}`)]
    default:
      return life.state satisfies never
  }
}

const AUTOSTART = ' before bootagent itself starts again'

function startLines(config: AgentConfig, life: Life, now: number): readonly string[] {
  if (isPending(life)) return [`starting for ${since(life, now)}: its user and group are being looked up`]
  if (life.process !== null) {
    const first = `starting for ${renderDuration(ranFor(life, now))} (pid ${life.process.pid}${taken(life)})`
    return [first, `has started well ${within(life, now)}, when it is up for ${renderDuration(config.startsecs)}`]
  }
  const file = `pid file '${config.pidfile ?? ''}'`
  const first = life.launching ? 'its command still runs' : 'its command has ended'
  return [
    `starting for ${since(life, now)}: ${first}, and ${file} names no process of it yet`,
    `the pid file is read again ${within(life, now)}${life.launching ? ' and when the command ends' : ''}`,
  ]
}

function runLines(config: AgentConfig, life: Life, now: number): readonly string[] {
  if (isLost(life)) return [`its process is gone: pid file '${config.pidfile ?? ''}' is read for the next one`]
  const ran = ranFor(life, now)
  const first = `running for ${renderDuration(ran)} (pid ${life.process?.pid}${taken(life)}), started well`
  if (life.failures === 0) return [first]
  const clear = POLICY.good - ran
  const row = `${life.failures} ${life.failures === 1 ? 'failure' : 'failures'} in a row before it`
  return [first, clear <= 0 ? `${row}: cleared, it has run for 15 min` : `${row}: cleared in ${renderDuration(clear)}`]
}

function stopLines(config: AgentConfig, life: Life, now: number): readonly string[] {
  const again = `SIGKILL was sent ${life.kills === 1 ? 'once' : `${life.kills} times`}, and is again ${within(life, now)}`
  const first = `stopping for ${since(life, now)}: ${waitsFor(life)}`
  return [first, life.kills > 0 ? again : `SIGKILL ${within(life, now)}`, afterStop(config, life), ...forcedBy(life)]
}

function waitsFor({ process, launching, groupLeft }: Life): string {
  if (process !== null) return `waits for the end of pid ${process.pid}`
  if (launching) return 'waits for the end of the command that forks'
  return groupLeft ? 'waits for what its process group has left' : 'waits for its pid file to name no process'
}

function afterStop({ autorestart }: AgentConfig, { next }: Life): string {
  switch (next) {
    case 'start':
      return 'then it is started, as was asked'
    case 'killed':
      return autorestart === 'no' ? 'then it stays killed: over a limit' : 'then it restarts by itself: over a limit'
    case 'backoff':
      return autorestart === 'no' ? 'then it is given up: not healthy' : 'then it restarts by itself: not healthy'
    case 'fatal':
      return 'then it is given up'
    case 'stoped':
    case null:
      return 'then it is stoped, as was asked'
    default:
      return next satisfies never
  }
}

function killedLines(config: AgentConfig, life: Life, now: number): readonly string[] {
  const first = `killed ${since(life, now)} ago: ${life.forced ?? 'over a limit'}`
  if (life.until === null) return [first, asks(config, 'nothing starts it: autorestart is no')]
  return [first, `restarts by itself ${within(life, now)}${count(config, life, now)}`]
}

function whyFatal(config: AgentConfig, { failures }: Life): string {
  if (config.autorestart === 'no') return 'autorestart is no'
  return isSpent(config, failures) ? `${failures} of ${config.retries} ends in a row` : 'it was given up'
}

/** How the last process ended and why it had to, where that is what the state comes from. */
function lastEnd(life: Life): readonly string[] {
  const { state, ending } = life
  if (ending === null || state === 'running' || state === 'starting') return []
  const end = `its last end: ${renderEnding(ending)}${ending.oom ? ', killed by the kernel for want of memory' : ''}`
  return [end, ...(state === 'stopping' || state === 'killed' ? [] : forcedBy(life))]
}

function forcedBy({ forced }: Life): readonly string[] {
  return forced === null ? [] : [`it was stopped for this: ${forced}`]
}

/** What its next end would lead to. */
function ruleLines(config: AgentConfig, life: Life, now: number): readonly string[] {
  if (life.state !== 'running' && life.state !== 'starting') return []
  if (config.autorestart === 'no') return ['autorestart is no: when it ends nothing starts it']
  const codes = config.exitcodes.join(', ')
  const normal = config.autorestart === 'unexpect' ? [`when it ends with exit status ${codes} nothing starts it`] : []
  const left = config.retries - failuresNow(life, now)
  const which = 'abnormal, or within 15 min of its start'
  const ends = `${left}${left < config.retries ? ' more' : ''} ends in a row`
  const row = left <= 1 ? `fatal when its next end is ${which}` : `fatal after ${ends}, each ${which}`
  return [...normal, config.retries < 0 ? 'never given up: retries is -1' : row]
}

function asks({ name }: AgentConfig, why: string): string {
  return `${why}; bootctl start ${name}`
}

function count({ retries }: AgentConfig, life: Life, now: number): string {
  const failures = failuresNow(life, now)
  return retries < 0 ? ` (end ${failures} in a row)` : ` (end ${failures} of ${retries} in a row before fatal)`
}

function taken({ adopted }: Life): string {
  return adopted ? ', taken over' : ''
}

function since(life: Life, now: number): string {
  return renderDuration(now - life.since)
}

function within({ until }: Life, now: number): string {
  return until === null || until <= now ? 'now' : `in ${renderDuration(until - now)}`
}
