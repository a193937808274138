import { agent, type Line, process, scenario, told } from './life-scenario.ts'

const { start, stop, restart, timer, up, exit, died, failed, adopted, empty, gone } = told

scenario('B19: it is running when startsecs are over', agent(), [
  [0, start, 'starting', 'launch', { until: null, restarts: 0 }],
  [1, up(7), 'starting', '!start', { process: process(7), started: 1, until: 11 }],
  [10.9, timer, 'starting', ''],
  [11, timer, 'running', '!running', { until: null, since: 11 }],
  [12, start, 'running', ''],
])

scenario('B19: with startsecs 0 it is running at once', agent({ startsecs: 0 }), [
  [0, start, 'starting', 'launch'],
  [0, up(7), 'running', '!start !running', { until: null }],
])

scenario('B21: what is taken over is starting until its own startsecs are over', agent(), [
  [100, start, 'starting', 'launch'],
  [100, adopted(7, 96), 'starting', '!adopt', { adopted: true, until: 106, started: 96 }],
  [106, timer, 'running', '!running', { adopted: true }],
])

scenario('B21: what has run for longer is running at once, and its end is an end', agent(), [
  [100, start, 'starting', 'launch'],
  [100, adopted(7, 50), 'running', '!adopt !running', { adopted: true, until: null }],
  [1000, gone, 'starting', '!abnormal !restart launch', { process: null, adopted: false, failures: 1, restarts: 1 }],
])

scenario('B30: an end in the first 3 minutes waits, doubled each time; the third in a row is fatal (B23)', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [5, exit(0), 'backoff', '!abnormal !restart', { failures: 1, until: 25, restarts: 0, process: null }],
  [24.9, timer, 'backoff', ''],
  [25, timer, 'starting', 'launch', { restarts: 1 }],
  [25, up(2), 'starting', '!start'],
  [35, timer, 'running', '!running', { failures: 1 }],
  [200, died('SIGSEGV'), 'backoff', '!abnormal !restart', { failures: 2, until: 240 }],
  [240, timer, 'starting', 'launch', { restarts: 2 }],
  [240, up(3), 'starting', '!start'],
  [241, exit(1), 'fatal', '!abnormal !fatal', { failures: 3, until: null }],
  [9999, timer, 'fatal', ''],
  [9999, start, 'starting', 'launch', { failures: 0, restarts: 2 }],
])

scenario('B30: restarts wait for restartsecs, doubled each time, and 5 minutes at most', agent({ retries: -1 }), [
  [0, start, 'starting', 'launch'],
  ...[20, 40, 80, 160, 300, 300, 300].flatMap((wait, i): Line[] => [
    [i * 1000, up(i), 'starting', '!start', { failures: i }],
    [i * 1000 + 179.9, exit(1), 'backoff', '!abnormal !restart', { failures: i + 1, until: i * 1000 + 179.9 + wait }],
    [(i + 1) * 1000, timer, 'starting', 'launch', { restarts: i + 1 }],
  ]),
  // A run of 15 minutes clears the count, and the waits begin anew.
  [7000, up(7), 'starting', '!start', { failures: 7 }],
  [7900, exit(0), 'starting', '!exit !restart launch', { failures: 0 }],
  [7900, up(8), 'starting', '!start'],
  [7901, exit(1), 'backoff', '!abnormal !restart', { failures: 1, until: 7921 }],
])

scenario('B23: retries -1 is never fatal, whatever the mode', agent({ retries: -1, autorestart: 'unexpect' }), [
  [0, start, 'starting', 'launch'],
  ...Array.from({ length: 100 }, (_, i) => i * 1000).flatMap((at): Line[] => [
    [at, up(at + 1), 'starting', '!start'],
    [at + 1, exit(3), 'backoff', '!abnormal !restart'],
    [at + 1000, timer, 'starting', 'launch', { failures: at / 1000 + 1 }],
  ]),
])

scenario('B30: an end after 3 minutes is followed by a start at once, and counts until 15', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [10, timer, 'running', '!running'],
  [180, exit(0), 'starting', '!abnormal !restart launch', { failures: 1, restarts: 1 }],
  [180, up(2), 'starting', '!start'],
  [190, timer, 'running', '!running'],
  [1079.9, exit(0), 'starting', '!abnormal !restart launch', { failures: 2, restarts: 2 }],
])

scenario('B30: 15 minutes clear the count: a normal end counts none then, an abnormal one 1 (B23)', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [180, exit(0), 'starting', '!abnormal !restart launch', { failures: 1 }],
  [180, up(2), 'starting', '!start'],
  [1080, exit(0), 'starting', '!exit !restart launch', { failures: 0 }],
  [1080, up(3), 'starting', '!start'],
  [1260, exit(0), 'starting', '!abnormal !restart launch', { failures: 1 }],
  [1260, up(4), 'starting', '!start'],
  [2160, exit(9), 'starting', '!abnormal !restart launch', { failures: 1 }],
])

scenario('B23: with restartsecs 0 it is launched in the same step', agent({ restartsecs: 0, retries: -1 }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [0.1, died('SIGKILL'), 'starting', '!abnormal !restart launch', { failures: 1, restarts: 1, started: null }],
  [0.1, up(2), 'starting', '!start'],
  [0.2, failed, 'starting', ''],
])

scenario('B23: what cannot be started is tried again, once a second at most', agent({ restartsecs: 0, retries: 2 }), [
  [0, start, 'starting', 'launch'],
  [0, failed, 'backoff', '!abnormal !restart', { failures: 1, until: 1, restarts: 0 }],
  [1, timer, 'starting', 'launch', { restarts: 1 }],
  [1, failed, 'fatal', '!abnormal !fatal', { failures: 2 }],
])

scenario(
  'B23: restarts wait 5 minutes at most, unless restartsecs say more',
  agent({ retries: -1, restartsecs: 200 }),
  [
    [0, start, 'starting', 'launch'],
    [0, failed, 'backoff', '!abnormal !restart', { until: 200 }],
    [200, timer, 'starting', 'launch'],
    [200, failed, 'backoff', '!abnormal !restart', { until: 500 }],
  ],
)

scenario('B23: restartsecs of 10 minutes stay 10 minutes', agent({ retries: -1, restartsecs: 600 }), [
  [0, start, 'starting', 'launch'],
  [0, failed, 'backoff', '!abnormal !restart', { until: 600 }],
  [600, timer, 'starting', 'launch'],
  [600, failed, 'backoff', '!abnormal !restart', { until: 1200 }],
])

scenario('B23: no restart: a normal end is stoped', agent({ autorestart: 'no' }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1000, exit(0), 'stoped', '!exit', { until: null, failures: 0 }],
])

scenario('B23: no restart: an abnormal end is fatal', agent({ autorestart: 'no' }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1000, exit(3), 'fatal', '!abnormal !fatal', { until: null, failures: 1 }],
])

scenario(
  'B23: unexpect: an exit code that is normal is stoped',
  agent({ autorestart: 'unexpect', exitcodes: [0, 3] }),
  [
    [0, start, 'starting', 'launch'],
    [0, up(1), 'starting', '!start'],
    [1, exit(3), 'stoped', '!abnormal', { until: null }],
  ],
)

scenario('B23: unexpect: another, a signal, or an end nobody saw is not', agent({ autorestart: 'unexpect' }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, exit(3), 'backoff', '!abnormal !restart'],
  [21, timer, 'starting', 'launch'],
  [21, adopted(2, 21), 'starting', '!adopt'],
  [22, gone, 'backoff', '!abnormal !restart'],
])

scenario('B23: retries 0 allows no failure', agent({ retries: 0 }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [900, exit(0), 'starting', '!exit !restart launch', { failures: 0 }],
  [900, up(2), 'starting', '!start'],
  [901, exit(0), 'fatal', '!abnormal !fatal'],
])

scenario('B30: what the group has left is ended before the restart', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [300, exit(1, true), 'starting', 'kill-group !abnormal !restart launch'],
])

scenario('B24: a kill for want of memory is told', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [300, died('SIGKILL', true), 'starting', '!oom !abnormal !restart launch'],
])

scenario('B22: a stop, and its SIGKILL after stopsecs', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, stop, 'stopping', 'SIGTERM+', { until: 61, next: 'stoped', kills: 0 }],
  [2, stop, 'stopping', ''],
  [60.9, timer, 'stopping', ''],
  [61, timer, 'stopping', 'SIGKILL+', { until: 62, kills: 1 }],
  [61, died('SIGKILL'), 'stoped', '!exit', { until: null, next: null, kills: 0, process: null, failures: 0 }],
  [62, stop, 'stoped', ''],
])

scenario('B22: SIGKILL goes on while the kernel holds the process, with one event', agent({ stopsecs: 5 }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, stop, 'stopping', 'SIGTERM+'],
  [6, timer, 'stopping', 'SIGKILL+'],
  [7, timer, 'stopping', 'SIGKILL+ !abnormal', { until: 8, kills: 2 }],
  [8, timer, 'stopping', 'SIGKILL+', { until: 9, kills: 3 }],
])

scenario('B22: stopsecs 0 is SIGKILL at once', agent({ stopsecs: 0, stopasgroup: false }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, stop, 'stopping', 'SIGKILL', { until: 2, kills: 1 }],
  [1, died('SIGKILL'), 'stoped', '!exit'],
])

scenario(
  'B22: another signal, to the process alone; what it leaves is left',
  agent({ stopsignal: 'SIGINT', stopasgroup: false }),
  [
    [0, start, 'starting', 'launch'],
    [0, up(1), 'starting', '!start'],
    [1, stop, 'stopping', 'SIGINT'],
    [2, exit(0, true), 'stoped', '!exit'],
  ],
)

scenario('B22: a stop of a group is over when the group is empty', agent({ stopsecs: 5 }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, stop, 'stopping', 'SIGTERM+'],
  [2, exit(0, true), 'stopping', '!exit', { process: null, until: 6 }],
  [6, timer, 'stopping', 'kill-group', { until: 7 }],
  [7, timer, 'stopping', 'kill-group'],
  [7.5, empty, 'stoped', ''],
])

scenario('B22: a stop calls off a start that is not answered yet', agent(), [
  [0, start, 'starting', 'launch'],
  [0, stop, 'stoped', '', { until: null }],
  [1, start, 'starting', 'launch'],
  [1, restart, 'starting', 'launch', { restarts: 0 }],
])

scenario('B22: a stop calls off a restart', agent(), [
  [0, start, 'starting', 'launch'],
  [0, failed, 'backoff', '!abnormal !restart'],
  [1, stop, 'stoped', '', { until: null, failures: 1 }],
  [2, timer, 'stoped', ''],
  [3, start, 'starting', 'launch', { failures: 0 }],
])

scenario('B31: a start during the stop of a single agent waits for the end', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, stop, 'stopping', 'SIGTERM+'],
  [2, start, 'stopping', '', { next: 'start', process: process(1) }],
  [3, exit(0), 'starting', '!exit launch', { restarts: 1, failures: 0 }],
])

scenario('B31: a stop after it has the last word', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, restart, 'stopping', 'SIGTERM+'],
  [2, stop, 'stopping', '', { next: 'stoped' }],
  [3, exit(0), 'stoped', '!exit', { restarts: 0 }],
])

scenario('B31: where it is not single the next process comes at once', agent({ single: false }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, stop, 'stopping', 'SIGTERM+'],
  [2, start, 'starting', 'abandon launch', { process: null, started: null, next: null, restarts: 1 }],
  [2, up(2), 'starting', '!start', { process: process(2) }],
])

scenario('B31: a restart waits for the end in any case', agent({ single: false }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [1, restart, 'stopping', 'SIGTERM+', { next: 'start' }],
  [2, start, 'stopping', ''],
  [3, died('SIGTERM'), 'starting', '!exit launch', { restarts: 1 }],
])

scenario('B25: over a limit it is killed until the restart', agent(), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [10, timer, 'running', '!running'],
  [60, told.overflow, 'stopping', '!killed SIGTERM+', { next: 'killed', forced: told.overflow.message }],
  [61, told.overflow, 'stopping', ''],
  [62, exit(0), 'killed', '!exit !restart', { failures: 1, until: 82, next: null, forced: told.overflow.message }],
  [82, timer, 'starting', 'launch', { restarts: 1, failures: 1, forced: null }],
])

scenario('B25: autorestart no leaves it killed', agent({ autorestart: 'no' }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [60, told.overflow, 'stopping', '!killed SIGTERM+'],
  [62, exit(0), 'killed', '!exit', { failures: 1, until: null }],
  [63, start, 'starting', 'launch', { failures: 0, restarts: 0 }],
])

scenario('B25: so many in a row are fatal too, and a stop in between has the last word', agent({ retries: 2 }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [60, told.overflow, 'stopping', '!killed SIGTERM+'],
  [62, exit(0), 'killed', '!exit !restart'],
  [82, timer, 'starting', 'launch'],
  [82, up(2), 'starting', '!start'],
  [90, told.overflow, 'stopping', '!killed SIGTERM+'],
  [92, exit(0), 'fatal', '!exit !fatal', { failures: 2 }],
  [93, start, 'starting', 'launch'],
  [93, up(3), 'starting', '!start'],
  [94, told.overflow, 'stopping', '!killed SIGTERM+'],
  [95, stop, 'stopping', ''],
  [96, exit(0), 'stoped', '!exit'],
])

scenario('B28: not healthy, it is stopped and started again by the same rules', agent({ stopasgroup: false }), [
  [0, start, 'starting', 'launch'],
  [0, up(1), 'starting', '!start'],
  [10, timer, 'running', '!running'],
  [70, told.unhealthy, 'stopping', '!abnormal SIGTERM', { next: 'backoff' }],
  [
    71,
    exit(0, true),
    'backoff',
    '!exit kill-group !restart',
    { failures: 1, until: 91, forced: told.unhealthy.message },
  ],
  [91, timer, 'starting', 'launch'],
  [91, up(2), 'starting', '!start'],
  [991, told.unhealthy, 'stopping', '!abnormal SIGTERM'],
  [992, exit(0), 'starting', '!exit !restart launch', { failures: 1, restarts: 2 }],
])

scenario('a clock set back hangs no state and makes no run negative', agent({ stopsecs: 5 }), [
  [10_000, start, 'starting', 'launch'],
  [10_000, up(1), 'starting', '!start', { until: 10_010 }],
  [100, timer, 'starting', '', { until: 110, started: 100, since: 100 }],
  [110, timer, 'running', '!running'],
  [50, stop, 'stopping', 'SIGTERM+', { until: 55, started: 50 }],
  [10, timer, 'stopping', '', { until: 15 }],
  [15, timer, 'stopping', 'SIGKILL+', { until: 16 }],
  [2, timer, 'stopping', '', { until: 3 }],
  [1, died('SIGKILL'), 'stoped', '!exit', { since: 1 }],
])

scenario('a clock set back brings a restart nearer, not further', agent(), [
  [10_000, start, 'starting', 'launch'],
  [10_000, failed, 'backoff', '!abnormal !restart', { until: 10_020 }],
  [0, timer, 'backoff', '', { until: 20 }],
  [5_000, timer, 'starting', 'launch'],
])

scenario('what does not concern it changes nothing', agent(), [
  [0, exit(1), 'stoped', ''],
  [0, up(1), 'stoped', ''],
  [0, timer, 'stoped', ''],
  [0, empty, 'stoped', ''],
  [0, told.overflow, 'stoped', ''],
  [0, told.noPid, 'stoped', ''],
  [0, start, 'starting', 'launch'],
  [0, told.unhealthy, 'starting', ''],
  [0, exit(0), 'starting', ''],
])
