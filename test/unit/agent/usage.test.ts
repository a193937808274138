import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { test } from 'node:test'
import { kernelUnits, unitsOf } from '../../../lib/agent/kernel-units.ts'
import { overLimit } from '../../../lib/agent/limits.ts'
import { linkRows, type ProcessTable, readProcessTable, rowOf } from '../../../lib/agent/process-table.ts'
import { treeOf } from '../../../lib/agent/process-tree.ts'
import { type CpuMark, usageOf } from '../../../lib/agent/usage.ts'

/** pid, ppid, session, start, own ticks, ticks of children waited for, pages */
type Row = readonly [number, number, number, number, number?, number?, number?]

function tableOf(at: number, ...rows: readonly Row[]): ProcessTable {
  const whole = (index: number) => Int32Array.from(rows, row => row[index] ?? 0)
  const float = (index: number) => Float64Array.from(rows, row => row[index] ?? 0)
  const ids = { pid: whole(0), ppid: whole(1), pgrp: whole(2), session: whole(2), child: whole(7), sibling: whole(7) }
  const table = { at, count: rows.length, ...ids, start: float(3), ticks: float(4), waited: float(5), pages: float(6) }
  linkRows(table)
  return table
}

const trees: readonly (readonly [string, readonly Row[], number, readonly number[]])[] = [
  ['the main process alone', [[10, 1, 10, 5]], 10, [10]],
  [
    'children and their children, also with pids that wrapped',
    [
      [3, 9, 9, 8],
      [9, 10, 9, 7],
      [10, 1, 10, 5],
    ],
    10,
    [3, 9, 10],
  ],
  [
    'a worker whose parent ended, by its session, and its child',
    [
      [10, 1, 10, 5],
      [11, 1, 10, 6],
      [12, 11, 12, 6],
    ],
    10,
    [10, 11, 12],
  ],
  [
    'its main process has ended, workers are left',
    [
      [11, 1, 10, 6],
      [12, 1, 77, 6],
    ],
    10,
    [11],
  ],
  [
    'others are not in it',
    [
      [1, 0, 1, 0],
      [2, 1, 2, 1],
      [10, 1, 10, 5],
      [20, 1, 20, 5],
    ],
    10,
    [10],
  ],
  [
    'the pid is another process now',
    [
      [10, 1, 10, 6],
      [11, 10, 10, 6],
    ],
    10,
    [],
  ],
  [
    'no session of its own',
    [
      [10, 1, 4, 5],
      [11, 10, 4, 6],
      [12, 1, 4, 6],
    ],
    0,
    [10, 11],
  ],
  [
    'the session of this process is never taken',
    [
      [10, 1, 4, 5],
      [12, 1, 4, 6],
      [process.pid, 1, 4, 6],
    ],
    4,
    [10],
  ],
  ['nobody', [[1, 0, 1, 0]], 10, []],
]

for (const [title, rows, session, expected] of trees) {
  test(`B25: the tree of an agent: ${title}`, () => {
    const table = tableOf(0, ...[...rows].sort((a, b) => a[0] - b[0]))
    const tree = treeOf(table, { pid: 10, startTime: 5 }, session)
    assert.deepEqual(
      Array.from(tree, row => table.pid[row]),
      expected,
    )
  })
}

const root: Row = [10, 1, 10, 5, 100, 50]
const loads: readonly (readonly [string, readonly Row[], readonly Row[], number])[] = [
  ['what it used in 10 s', [root], [[10, 1, 10, 5, 310, 50]], 21],
  ['nothing', [root], [root], 0],
  [
    'two at once are more than one core',
    [root, [11, 10, 10, 6]],
    [
      [10, 1, 10, 5, 1100, 50],
      [11, 10, 10, 6, 900],
    ],
    190,
  ],
  ['a new child counts from its start', [root, [99, 1, 99, 20]], [root, [11, 10, 10, 21, 70], [99, 1, 99, 20]], 7],
  [
    'an older process that came into the tree does not',
    [root, [99, 1, 99, 20]],
    [root, [11, 10, 10, 19, 7000], [99, 1, 99, 20]],
    0,
  ],
  ['an ended child makes nothing negative', [root, [11, 10, 10, 6, 5000]], [[10, 1, 10, 5, 110, 50]], 1],
  [
    'an ended child that was waited for counts since the mark',
    [root, [11, 10, 10, 6, 400]],
    [[10, 1, 10, 5, 100, 550]],
    10,
  ],
  ['children that came and went between', [root], [[10, 1, 10, 5, 100, 950]], 90],
  ['a pid that was given again is another process', [root, [11, 10, 10, 6, 900]], [root, [11, 10, 10, 30, 20]], 2],
]

for (const [title, before, now, expected] of loads) {
  test(`B25: CPU of an agent in percent of one core: ${title}`, () => {
    const id = { pid: 10, startTime: 5 }
    const first = usageOf(tableOf(100, ...before), id, 10, null)
    assert.equal(first.usage.cpu, null)
    assert.equal(usageOf(tableOf(110, ...now), id, 10, first.mark).usage.cpu, expected)
  })
}

test('B25: two looks that are too near to each other say the same', () => {
  const id = { pid: 10, startTime: 5 }
  let mark: CpuMark | null = null
  const look = (at: number, ticks: number) => {
    const { usage, mark: next } = usageOf(tableOf(at, [10, 1, 10, 5, ticks]), id, 10, mark)
    mark = next
    return usage.cpu
  }
  assert.deepEqual(
    [look(1, 0), look(1.1, 9), look(2, 50), look(2.1, 60), look(1, 60), look(3, 60)],
    [null, null, 50, 50, 50, 10],
  )
})

test('B25: memory of the tree in KB, nothing known of a tree that is gone', () => {
  const table = tableOf(0, [10, 1, 10, 5, 0, 0, 100], [11, 10, 10, 5, 0, 0, 28])
  const kb = (128 * kernelUnits().page) / 1024
  assert.deepEqual(usageOf(table, { pid: 10, startTime: 5 }, 10, null).usage, { cpu: null, rss: kb, fds: null })
  const gone = { cpu: null, rss: null, fds: null }
  assert.deepEqual(usageOf(table, { pid: 10, startTime: 6 }, 10, null, true).usage, gone)
})

test('B25: the units of the kernel are read from its auxiliary vector', () => {
  const vector = (...words: readonly number[]) => new Uint8Array(BigUint64Array.from(words, BigInt).buffer)
  assert.deepEqual(unitsOf(vector(6, 65536, 3, 1, 17, 1024, 0, 0)), { ticks: 1024, page: 65536 })
  assert.deepEqual(unitsOf(vector(0, 0)), { ticks: 100, page: 4096 })
  assert.deepEqual(unitsOf(new Uint8Array(7)), { ticks: 100, page: 4096 })
  assert.ok(kernelUnits().page >= 4096 && kernelUnits().ticks >= 100)
})

test('B25: a real tree: a worker whose parent has ended is in it, descriptors are counted', async () => {
  const program =
    'open $f[$_], "/dev/null" for 1..40; if (fork == 0) { if (fork) { exit } $| = 1; print "."; sleep 1000 } sleep 1000'
  const child = spawn('perl', ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const pid = child.pid ?? 0
  const ended = new Promise(resolve => child.on('close', resolve))
  try {
    await new Promise(resolve => child.stdout?.once('data', resolve))
    const table = readProcessTable()
    const startTime = table.start[rowOf(table, pid)] ?? 0
    const tree = treeOf(table, { pid, startTime }, pid)
    assert.ok(tree.length >= 2)
    const { usage } = usageOf(table, { pid, startTime }, pid, null, true)
    assert.ok((usage.fds ?? 0) >= 86 && (usage.rss ?? 0) > 1000, JSON.stringify(usage))
  } finally {
    process.kill(-pid, 'SIGKILL')
    await ended
  }
})

test('B25: a program that forks and forks is over its limits as a whole', async () => {
  const program = 'for (1..200) { if (fork == 0) { sleep 1000; exit } } $| = 1; print "."; sleep 1000'
  const child = spawn('perl', ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const pid = child.pid ?? 0
  const ended = new Promise(resolve => child.on('close', resolve))
  try {
    await new Promise(resolve => child.stdout?.once('data', resolve))
    const table = readProcessTable()
    const id = { pid, startTime: table.start[rowOf(table, pid)] ?? 0 }
    assert.equal(treeOf(table, id, pid).length, 201)
    const { usage } = usageOf(table, id, pid, null, true)
    assert.ok((usage.fds ?? 0) >= 3 * 201)
    const limits = { interval: 60, cpu: 1, mem: 100_000, fds: 602 }
    assert.equal(overLimit(limits, usage), `resource overflow, MEM(${usage.rss}KB), FDS(${usage.fds})`)
  } finally {
    process.kill(-pid, 'SIGKILL')
    await ended
  }
})

test('B25: CPU of this very process is seen', () => {
  const table = readProcessTable(0)
  const id = { pid: process.pid, startTime: table.start[rowOf(table, process.pid)] ?? 0 }
  const { mark } = usageOf(table, id, 0, null)
  for (let ms = performance.now(); performance.now() - ms < 200; ) closeSync(openSync('/dev/null', 'r'))
  const { usage } = usageOf(readProcessTable(1), id, 0, mark)
  assert.ok((usage.cpu ?? 0) > 0)
})
