import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilAligned } from '../../../lib/origin/splay.ts'

const ROWS: readonly [title: string, now: number, period: number, splay: number, expected: number][] = [
  ['later in this period', 120, 60, 20, 20],
  ['past in this period', 150, 60, 20, 50],
  ['exactly due: that one has been', 140, 60, 20, 60],
  ['a timer that fired early', 139.995, 60, 20, 60.005],
  ['no splay', 119, 60, 0, 1],
  ['no period', 119, 0, 0, 0],
  ['less than a second', 10.3, 0.5, 0.4, 0.1],
]

for (const [title, now, period, splay, expected] of ROWS) {
  test(`untilAligned: ${title}`, () => {
    assert.ok(Math.abs(untilAligned(now, period, splay) - expected) < 1e-6)
  })
}
