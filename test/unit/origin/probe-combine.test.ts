import assert from 'node:assert/strict'
import { test } from 'node:test'
import { combine } from '../../../lib/origin/probe-combine.ts'
import { localFailure, type Sample } from '../../../lib/origin/probe-wire.ts'

const GOOD: Sample = {
  connect: 0.01,
  ttfb: 0.02,
  download: 0.07,
  total: 0.1,
  bytes: 1000,
  code: '200',
  error: null,
  detail: null,
  suspect: false,
}
const REFUSED: Sample = {
  ...localFailure('connection refused'),
  error: 'connect-refused',
  suspect: false,
}
const SLOW: Sample = { ...GOOD, total: 3, download: 2.97, error: 'read-timeout', detail: 'late', bytes: 10 }
const CUT: Sample = { ...GOOD, total: 0.011, download: 0, error: 'short-body', detail: 'cut', bytes: 10 }
const NO: Sample = { ...GOOD, code: '503', total: 0.02 }

const rows = [
  {
    title: 'one good probe',
    samples: [GOOD],
    expected: { ok: true, code: '200', total: 0.1, ok_times: 1, error: null },
  },
  {
    title: 'the mean of several (formats 7.3)',
    samples: [GOOD, { ...GOOD, total: 0.3 }],
    expected: { ok: true, total: 0.2, connect: 0.01, times: 2, ok_times: 2, bytes: 2000 },
  },
  { title: 'zero is no sample', samples: [{ ...GOOD, total: 0 }, GOOD], expected: { ok: true, total: 0.1 } },
  {
    title: 'a refused one is not in the mean',
    samples: [REFUSED, GOOD],
    expected: { ok: true, total: 0.1, ok_times: 1 },
  },
  { title: 'a late one is', samples: [GOOD, SLOW], expected: { ok: true, code: '200', total: 1.55 } },
  { title: 'a cut one is not: it ended early', samples: [GOOD, CUT], expected: { ok: true, total: 0.1, bytes: 1010 } },
  {
    title: 'the most frequent acceptable code, however rare',
    samples: [NO, NO, GOOD],
    expected: { ok: true, code: '200', total: 0.1 },
  },
  {
    title: 'no acceptable code: the most frequent (formats 7.4)',
    samples: [NO, NO, { ...NO, code: '404' }],
    expected: { ok: false, code: '503', error: 'code', detail: 'status 503', total: 0.02 },
  },
  {
    title: 'never connected',
    samples: [REFUSED, REFUSED],
    expected: { ok: false, code: '000', total: null, ok_times: 0, error: 'connect-refused' },
  },
  { title: 'only late ones', samples: [SLOW], expected: { ok: false, code: '200', total: 3, error: 'read-timeout' } },
  { title: 'only cut ones', samples: [CUT], expected: { ok: false, code: '200', error: 'short-body', detail: 'cut' } },
  {
    title: 'one suspect sample makes it suspect',
    samples: [GOOD, { ...GOOD, suspect: true }],
    expected: { ok: true, suspect: true },
  },
] as const

for (const { title, samples, expected } of rows) {
  test(`combining: ${title}`, () => {
    const got = combine([{ weight: 100, samples }], ['2**'])
    assert.partialDeepStrictEqual(got, expected)
  })
}

test('combining: the weights are percent, so 50:50 is the mean and not fifty times it (formats 15)', () => {
  const parts = [
    { weight: 50, samples: [GOOD] },
    { weight: 50, samples: [{ ...GOOD, total: 0.3, connect: 0.03 }] },
  ]
  assert.partialDeepStrictEqual(combine(parts, ['200']), { ok: true, total: 0.2, connect: 0.02, times: 2, bytes: 2000 })
})

test('combining: 90:10', () => {
  const parts = [
    { weight: 90, samples: [GOOD] },
    { weight: 10, samples: [{ ...GOOD, total: 1.1 }] },
  ]
  assert.partialDeepStrictEqual(combine(parts, ['200']), { ok: true, total: 0.2 })
})

test('combining: down when the Referer request is', () => {
  const parts = [
    { weight: 50, samples: [GOOD] },
    { weight: 50, samples: [NO] },
  ]
  assert.partialDeepStrictEqual(combine(parts, ['200']), { ok: false, code: '503', error: 'code' })
})

test('combining: a connect-only probe is up where column 12 has 000, and only there (formats 7.4)', () => {
  const tcp: Sample = { ...GOOD, ttfb: null, download: null, bytes: 0, code: '000', total: 0.01 }
  const parts = [{ weight: 100, samples: [tcp] }]
  assert.partialDeepStrictEqual(combine(parts, ['2**', '000']), { ok: true, total: 0.01, ttfb: null })
  assert.partialDeepStrictEqual(combine(parts, ['2**']), { ok: false, error: 'code', total: 0.01 })
})
