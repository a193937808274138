import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain } from '../../../lib/agent/explain.ts'
import { type Life, newLife } from '../../../lib/agent/life.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'
import { agent, forking, process } from './life-scenario.ts'

const NOW = 100_000
const died = { code: null, signal: 'SIGSEGV', oom: false }
const up = { process: process(123), started: NOW - 10_920 }
const fatalAfter3 = 'fatal after 3 ends in a row, each abnormal, or within 15 min of its start'

/** title, configuration, life, lines */
const rows: readonly (readonly [string, AgentConfig, Partial<Life>, readonly string[]])[] = [
  [
    'B32: never started',
    agent(),
    { state: 'stoped', since: NOW - 90 },
    ['stoped for 1 min 30 s', 'nothing starts it; bootctl start web'],
  ],
  [
    'B20: stopped, with autostart',
    agent({ autostart: true }),
    { state: 'stoped', since: NOW, ending: { code: 0, signal: null, oom: false } },
    [
      'stoped for 0 s',
      'nothing starts it before bootagent itself starts again; bootctl start web',
      'its last end: exit status 0',
    ],
  ],
  [
    'B66: waiting for its account',
    agent(),
    { state: 'starting', since: NOW - 2 },
    ['starting for 2 s: its user and group are being looked up', fatalAfter3],
  ],
  [
    'B19: starting',
    agent(),
    { state: 'starting', process: process(123), started: NOW - 4, until: NOW + 6, failures: 1 },
    [
      'starting for 4 s (pid 123)',
      'has started well in 6 s, when it is up for 10 s',
      'fatal after 2 more ends in a row, each abnormal, or within 15 min of its start',
    ],
  ],
  [
    'B15: the command that forks runs',
    forking(),
    { state: 'starting', since: NOW - 4, started: NOW - 4, launching: true, until: NOW + 56 },
    [
      "starting for 4 s: its command still runs, and pid file '/run/web.pid' names no process of it yet",
      'the pid file is read again in 56 s and when the command ends',
      fatalAfter3,
    ],
  ],
  [
    'B15: the command that forks has ended',
    forking({ retries: -1 }),
    { state: 'starting', since: NOW - 4, started: NOW - 4, until: NOW + 56 },
    [
      "starting for 4 s: its command has ended, and pid file '/run/web.pid' names no process of it yet",
      'the pid file is read again in 56 s',
      'never given up: retries is -1',
    ],
  ],
  [
    'B32: running',
    agent(),
    { state: 'running', ...up },
    ['running for 3 h 2 min (pid 123), started well', fatalAfter3],
  ],
  [
    'B30: a count that a long run has cleared',
    agent(),
    { state: 'running', ...up, adopted: true, failures: 2 },
    [
      'running for 3 h 2 min (pid 123, taken over), started well',
      '2 failures in a row before it: cleared, it has run for 15 min',
      fatalAfter3,
    ],
  ],
  [
    'B30: a count that is not cleared yet',
    agent(),
    { state: 'running', process: process(123), started: NOW - 60, failures: 2 },
    [
      'running for 1 min (pid 123), started well',
      '2 failures in a row before it: cleared in 14 min',
      'fatal when its next end is abnormal, or within 15 min of its start',
    ],
  ],
  [
    'B23: running, and never restarted',
    agent({ autorestart: 'no' }),
    { state: 'running', ...up },
    ['running for 3 h 2 min (pid 123), started well', 'autorestart is no: when it ends nothing starts it'],
  ],
  [
    'B23: running, and restarted unless its exit is normal',
    agent({ autorestart: 'unexpect', exitcodes: [0, 3] }),
    { state: 'running', ...up },
    [
      'running for 3 h 2 min (pid 123), started well',
      'when it ends with exit status 0, 3 nothing starts it',
      fatalAfter3,
    ],
  ],
  [
    'B15: its process is gone',
    forking(),
    { state: 'running', started: NOW - 5, until: NOW + 1, ending: died },
    ["its process is gone: pid file '/run/web.pid' is read for the next one", fatalAfter3],
  ],
  [
    'B22: stopping',
    agent(),
    { state: 'stopping', since: NOW - 40, process: process(123), until: NOW + 20, next: 'stoped' },
    ['stopping for 40 s: waits for the end of pid 123', 'SIGKILL in 20 s', 'then it is stoped, as was asked'],
  ],
  [
    'B31: stopping, then a start; SIGKILL does not help',
    agent(),
    { state: 'stopping', since: NOW - 63, process: process(123), until: NOW + 0.5, next: 'start', kills: 3 },
    [
      'stopping for 1 min 3 s: waits for the end of pid 123',
      'SIGKILL was sent 3 times, and is again in 0.5 s',
      'then it is started, as was asked',
    ],
  ],
  [
    'B22: stopping, with workers left',
    agent(),
    { state: 'stopping', since: NOW - 1, until: NOW + 9, next: 'killed', groupLeft: true, ending: died },
    [
      'stopping for 1 s: waits for what its process group has left',
      'SIGKILL in 9 s',
      'then it restarts by itself: over a limit',
      'its last end: SIGSEGV',
    ],
  ],
  [
    'B28: stopping a command that forks, for health, without restart',
    forking({ autorestart: 'no' }),
    { state: 'stopping', since: NOW, until: NOW + 1, next: 'backoff', launching: true, kills: 1 },
    [
      'stopping for 0 s: waits for the end of the command that forks',
      'SIGKILL was sent once, and is again in 1 s',
      'then it is given up: not healthy',
    ],
  ],
  [
    'B30: waiting for its restart',
    agent(),
    { state: 'backoff', since: NOW - 7.7, until: NOW + 12.3, failures: 2, ending: { ...died, oom: true } },
    [
      'not running for 7.7 s',
      'restarts by itself in 12.3 s (end 2 of 3 in a row before fatal)',
      'its last end: SIGSEGV, killed by the kernel for want of memory',
    ],
  ],
  [
    'B28: being stopped for its health',
    agent(),
    {
      state: 'stopping',
      since: NOW - 2,
      process: process(123),
      until: NOW + 58,
      next: 'backoff',
      forced: 'check failed 3 times in a row: no such socket',
    },
    [
      'stopping for 2 s: waits for the end of pid 123',
      'SIGKILL in 58 s',
      'then it restarts by itself: not healthy',
      'it was stopped for this: check failed 3 times in a row: no such socket',
    ],
  ],
  [
    'B28: was stopped for its health, and waits for its restart',
    agent(),
    {
      state: 'backoff',
      since: NOW - 5,
      until: NOW + 15,
      failures: 1,
      ending: { code: null, signal: 'SIGTERM', oom: false },
      forced: 'check failed 3 times in a row: no such socket',
    },
    [
      'not running for 5 s',
      'restarts by itself in 15 s (end 1 of 3 in a row before fatal)',
      'its last end: SIGTERM',
      'it was stopped for this: check failed 3 times in a row: no such socket',
    ],
  ],
  [
    'B25: killed until its restart',
    agent({ retries: -1 }),
    { state: 'killed', since: NOW - 5, until: NOW - 1, failures: 4 },
    ['killed 5 s ago: over a limit', 'restarts by itself now (end 4 in a row)'],
  ],
  [
    'B25: killed for good',
    agent({ autorestart: 'no' }),
    { state: 'killed', since: NOW - 5, failures: 1, forced: 'resource overflow, CPU(31%)' },
    ['killed 5 s ago: resource overflow, CPU(31%)', 'nothing starts it: autorestart is no; bootctl start web'],
  ],
  [
    'B30: fatal',
    agent(),
    { state: 'fatal', since: NOW - 200_000, failures: 3, ending: { code: 1, signal: null, oom: false } },
    [
      'given up 2 days 8 h ago',
      'nothing starts it: 3 of 3 ends in a row; bootctl start web',
      'its last end: exit status 1',
    ],
  ],
  [
    'B23: fatal without restarts',
    agent({ autorestart: 'no' }),
    { state: 'fatal', since: NOW - 1, failures: 1, ending: { code: null, signal: null, oom: false } },
    [
      'given up 1 s ago',
      'nothing starts it: autorestart is no; bootctl start web',
      'its last end: an end that was not seen',
    ],
  ],
]
for (const [title, config, life, lines] of rows)
  test(title, () => assert.deepEqual(explain(config, { ...newLife(NOW), ...life }, NOW), lines))
