import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Life, type LifeAction, type LifeEvent, newLife, type ProcessId } from '../../../lib/agent/life.ts'
import { step } from '../../../lib/agent/life-step.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'

/** An agent with the defaults of its fields, and what a test sets. */
export function agent(set: Partial<AgentConfig> = {}): AgentConfig {
  return {
    name: 'web',
    version: '1',
    exec: '/usr/sbin/web',
    argv: ['/usr/sbin/web'],
    type: 'simple',
    pidfile: null,
    user: null,
    group: null,
    envs: {},
    startsecs: 10,
    autostart: false,
    single: true,
    stopsignal: 'SIGTERM',
    stopsecs: 60,
    stopasgroup: true,
    stopit: false,
    restartsecs: 20,
    retries: 3,
    exitcodes: [0],
    autorestart: 'yes',
    cgroup: null,
    limits: null,
    check: null,
    heartbeat: null,
    checks: 3,
    checksecs: 20,
    checkall: false,
    ...set,
  }
}

/** An agent that forks. */
export function forking(set: Partial<AgentConfig> = {}): AgentConfig {
  return agent({ type: 'fork', pidfile: '/run/web.pid', startsecs: 60, ...set })
}

/** The process of a number. */
export function process(pid: number): ProcessId {
  return { pid, startTime: pid * 10 }
}

/** The events of a life, shortly. */
export const told = {
  start: { type: 'start' },
  stop: { type: 'stop' },
  restart: { type: 'restart' },
  timer: { type: 'timer' },
  empty: { type: 'group-empty' },
  forked: { type: 'spawned', process: null },
  noPid: { type: 'refreshed', process: null, message: 'no pid file' },
  gone: { type: 'gone', oom: false, groupLeft: false },
  overflow: { type: 'overflow', message: 'resource overflow, CPU(31%)' },
  unhealthy: { type: 'unhealthy', message: '3 failed checks in a row' },
  failed: { type: 'failed', message: 'no such file' },
  up: (pid: number): LifeEvent => ({ type: 'spawned', process: process(pid) }),
  adopted: (pid: number, started: number): LifeEvent => ({ type: 'adopted', process: process(pid), started }),
  pid: (pid: number, started: number): LifeEvent => ({ type: 'refreshed', process: process(pid), started }),
  exit: (code: number, groupLeft = false): LifeEvent => ({ type: 'exit', code, signal: null, oom: false, groupLeft }),
  died: (signal: string, oom = false): LifeEvent => ({ type: 'exit', code: null, signal, oom, groupLeft: false }),
} as const satisfies Record<string, LifeEvent | ((...words: never[]) => LifeEvent)>

/** At a second, this is told; the state then, what was done in short words, and further fields of the life. */
export type Line = readonly [number, LifeEvent, Life['state'], string, Partial<Life>?]

/** A test that plays the lines from an agent that was never started. */
export function scenario(title: string, config: AgentConfig, lines: readonly Line[]): void {
  test(title, () => {
    let life = newLife(0)
    for (const [now, event, state, words, fields = {}] of lines) {
      const move = step(config, life, event, now)
      life = move.life
      const got = { state: life.state, words: move.actions.map(shorten).join(' '), ...pick(life, fields) }
      assert.deepEqual(got, { state, words, ...fields }, `at ${now}: ${event.type}`)
    }
  })
}

/** An action in a word: `launch`, `SIGTERM+` (to the group), `SIGKILL`, `kill-group`, `refresh`, `!fatal` (an event). */
export function shorten(action: LifeAction): string {
  if (action.type === 'event') return `!${action.kind}`
  return action.type === 'signal' ? `${action.signal}${action.group ? '+' : ''}` : action.type
}

function pick(life: Life, fields: Partial<Life>): Partial<Life> {
  return Object.fromEntries(Object.entries(life).filter(([key]) => key in fields))
}
