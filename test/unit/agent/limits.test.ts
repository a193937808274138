import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overLimit } from '../../../lib/agent/limits.ts'

const none = { cpu: null, mem: null, fds: null }
const quiet = { cpu: 1, rss: 1, fds: 1 }

const rows = [
  ['nothing is limited', none, { cpu: 9999, rss: 9e9, fds: 9e9 }, null],
  ['at the limit is not over it', { cpu: 30, mem: 123455, fds: 1000 }, { cpu: 30, rss: 123455, fds: 1000 }, null],
  ['CPU', { ...none, cpu: 30 }, { ...quiet, cpu: 31 }, 'resource overflow, CPU(31%)'],
  ['CPU, a fraction over', { ...none, cpu: 30 }, { ...quiet, cpu: 30.1 }, 'resource overflow, CPU(31%)'],
  ['CPU, of several cores', { ...none, cpu: 150 }, { ...quiet, cpu: 199.9 }, 'resource overflow, CPU(200%)'],
  ['MEM', { ...none, mem: 123455 }, { ...quiet, rss: 123456 }, 'resource overflow, MEM(123456KB)'],
  ['FDS', { ...none, fds: 1000 }, { ...quiet, fds: 1001 }, 'resource overflow, FDS(1001)'],
  ['MEM and FDS', { cpu: 30, mem: 1, fds: 2 }, { cpu: 3, rss: 4, fds: 5 }, 'resource overflow, MEM(4KB), FDS(5)'],
  ['all', { cpu: 1, mem: 1, fds: 1 }, { cpu: 2, rss: 2, fds: 2 }, 'resource overflow, CPU(2%), MEM(2KB), FDS(2)'],
  ['what is not known is not over', { cpu: 0, mem: 0, fds: 0 }, { cpu: null, rss: null, fds: null }, null],
  ['a limit of 0', { cpu: 0, mem: null, fds: null }, { ...quiet, cpu: 0.1 }, 'resource overflow, CPU(1%)'],
] as const

for (const [title, limits, usage, expected] of rows) {
  test(`B25: over a limit: ${title}`, () => {
    assert.equal(overLimit({ interval: 60, ...limits }, usage), expected)
  })
}
