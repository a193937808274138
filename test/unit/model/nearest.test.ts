import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestOf } from '../../../lib/model/nearest.ts'

const WORDS = ['startsecs', 'stopsecs', 'restartsecs', 'retries', 'CPU', 'exec'] as const

const NEAREST: readonly [name: string, is: string | undefined][] = [
  ['startsec', 'startsecs'],
  ['restartsec', 'restartsecs'],
  ['retry', undefined],
  ['retires', 'retries'],
  ['cpu', 'CPU'],
  ['Exec', 'exec'],
  ['rest', 'restartsecs'],
  ['exe', 'exec'],
  ['x', undefined],
  ['', undefined],
  ['something', undefined],
]

for (const [name, is] of NEAREST) test(`nearestOf '${name}'`, () => assert.equal(nearestOf(name, WORDS), is))
