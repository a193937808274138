import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderDuration } from '../../../lib/agent/duration.ts'

for (const [seconds, text] of [
  [-5, '0 s'],
  [0, '0 s'],
  [0.04, '0 s'],
  [12.34, '12.3 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min'],
  [185, '3 min 5 s'],
  [3599.7, '1 h'],
  [10_920, '3 h 2 min'],
  [86_399, '1 day'],
  [100_000, '1 day 4 h'],
  [200_000, '2 days 8 h'],
] as const)
  test(`a time of ${seconds} s reads ${text}`, () => assert.equal(renderDuration(seconds), text))
