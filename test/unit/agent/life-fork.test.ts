import { forking, process, scenario, told } from './life-scenario.ts'

const { start, stop, restart, timer, forked, exit, pid, noPid, gone, empty, adopted, died } = told

scenario('B15: the exit of the command is ignored; the pid file is read then, and after startsecs', forking(), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start', { launching: true, process: null, until: 60, started: 0 }],
  [1, exit(1), 'starting', 'refresh', { launching: false, ending: null }],
  [1, noPid, 'starting', '', { until: 60, failures: 0 }],
  [60, timer, 'starting', 'refresh'],
  [60, pid(5, 2), 'running', '!start !running', { process: process(5), started: 2, until: null }],
])

scenario('B15: a process that is known early is running when startsecs are over', forking(), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [1, exit(0), 'starting', 'refresh'],
  [1, pid(5, 1), 'starting', '!start', { process: process(5), until: 60 }],
  [60, timer, 'starting', 'refresh'],
  [60, pid(5, 1), 'running', '!running', { process: process(5) }],
])

scenario('B15: with a pid file removed meanwhile the known process goes on', forking(), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [1, exit(0), 'starting', 'refresh'],
  [1, pid(5, 1), 'starting', '!start'],
  [60, timer, 'starting', 'refresh'],
  [60, noPid, 'running', '!running', { process: process(5) }],
])

scenario('B15: no process after startsecs is a failed start', forking({ retries: 2 }), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [1, exit(0), 'starting', 'refresh'],
  [1, noPid, 'starting', ''],
  [60, timer, 'starting', 'refresh'],
  [60, noPid, 'backoff', '!abnormal !restart', { failures: 1, until: 80 }],
  [80, timer, 'starting', 'launch'],
  [80, forked, 'starting', '!start'],
  [140, timer, 'starting', 'refresh'],
  [141, exit(0), 'starting', 'refresh'],
  [141, noPid, 'fatal', '!abnormal !fatal'],
])

scenario('B15: a command that takes longer: the pid file is read again, at the latest when it ends', forking(), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [60, timer, 'starting', 'refresh', { until: 120 }],
  [60, noPid, 'starting', '', { until: 120, launching: true }],
  [120, timer, 'starting', 'refresh', { until: 180 }],
  [120, noPid, 'starting', ''],
  [130, exit(0), 'starting', 'refresh'],
  [130, pid(5, 129), 'running', '!start !running', { until: null }],
])

scenario('B15: startsecs 0', forking({ startsecs: 0 }), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start', { until: 1 }],
  [0.2, exit(0), 'starting', 'refresh'],
  [0.2, pid(5, 0), 'running', '!start !running'],
])

scenario('B15: when its process is gone the pid file is read again, and it goes on with the next', forking(), [
  [0, start, 'starting', 'launch'],
  [0, adopted(5, -100), 'running', '!adopt !running'],
  [500, gone, 'running', 'refresh', { process: null, until: 501 }],
  [500, pid(6, 450), 'running', '!adopt', { process: process(6), until: null, started: 450, ending: null }],
  [600, gone, 'running', 'refresh'],
  [601, timer, 'running', 'refresh', { until: 602 }],
  [601, noPid, 'backoff', 'kill-group !abnormal !restart', { failures: 1, process: null }],
])

scenario('B15: a process gone before startsecs is an end, not waited for', forking(), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [1, exit(0), 'starting', 'refresh'],
  [1, pid(5, 1), 'starting', '!start'],
  [3, gone, 'starting', 'refresh', { process: null, until: 60 }],
  [3, noPid, 'backoff', 'kill-group !abnormal !restart', { until: 23 }],
])

scenario('B15: while the command runs a process may still come', forking(), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [60, timer, 'starting', 'refresh'],
  [60, pid(5, 1), 'running', '!start !running', { launching: true }],
  [70, gone, 'running', 'refresh'],
  [70, noPid, 'stopping', '!abnormal SIGTERM+ refresh', { next: 'backoff' }],
  [70, noPid, 'stopping', ''],
  [71, died('SIGTERM'), 'stopping', '!exit refresh', { launching: false }],
  [71, noPid, 'backoff', '!restart', { failures: 1 }],
])

scenario('B15: the command ends after its process is known: one more look', forking({ startsecs: 5 }), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [5, timer, 'starting', 'refresh'],
  [5, pid(5, 1), 'running', '!start !running'],
  [9, exit(0), 'running', 'refresh', { launching: false, process: process(5) }],
  [9, pid(6, 8), 'running', '!adopt', { process: process(6) }],
])

scenario('B22: a stop while the command runs: its group, then what the pid file names', forking(), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [1, stop, 'stopping', 'SIGTERM+ refresh', { until: 61 }],
  [1, noPid, 'stopping', ''],
  [2, died('SIGTERM'), 'stopping', '!exit refresh', { launching: false }],
  [2, pid(5, 1), 'stopping', 'SIGTERM+', { process: process(5), until: 61 }],
  [3, gone, 'stopping', '!exit refresh'],
  [3, noPid, 'stoped', ''],
])

scenario('B22: a stop while the process is not known yet', forking(), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [1, exit(0), 'starting', 'refresh'],
  [1, noPid, 'starting', ''],
  [2, stop, 'stopping', 'refresh'],
  [2, noPid, 'stoped', ''],
])

scenario('B22: what the pid file names after the SIGKILL gets SIGKILL', forking({ stopsecs: 5 }), [
  [0, start, 'starting', 'launch'],
  [0, adopted(5, -100), 'running', '!adopt !running'],
  [1, stop, 'stopping', 'SIGTERM+'],
  [6, timer, 'stopping', 'SIGKILL+'],
  [7, gone, 'stopping', '!exit refresh'],
  [7, pid(6, 7), 'stopping', 'SIGKILL+'],
  [8, gone, 'stopping', '!exit refresh'],
  [8, noPid, 'stoped', ''],
])

scenario('B22: what is left of the group is waited for, and ended at the deadline', forking({ stopsecs: 5 }), [
  [0, start, 'starting', 'launch'],
  [0, adopted(5, -100), 'running', '!adopt !running'],
  [1, stop, 'stopping', 'SIGTERM+'],
  [2, { ...gone, groupLeft: true }, 'stopping', '!exit'],
  [6, timer, 'stopping', 'kill-group', { groupLeft: true }],
  [6, noPid, 'stopping', ''],
  [6.5, empty, 'stopping', 'refresh'],
  [6.5, noPid, 'stoped', ''],
])

scenario('B31: with its process not known a start waits, single or not', forking({ single: false }), [
  [0, start, 'starting', 'launch'],
  [0, forked, 'starting', '!start'],
  [1, stop, 'stopping', 'SIGTERM+ refresh'],
  [1, start, 'stopping', '', { next: 'start' }],
  [2, died('SIGTERM'), 'stopping', '!exit refresh'],
  [2, noPid, 'starting', 'launch'],
])

scenario('B15: a stop and a restart while the pid file is read again', forking(), [
  [0, start, 'starting', 'launch'],
  [0, adopted(5, -100), 'running', '!adopt !running'],
  [1, gone, 'running', 'refresh'],
  [1, restart, 'stopping', 'refresh'],
  [1, noPid, 'starting', 'launch', { restarts: 1 }],
])
