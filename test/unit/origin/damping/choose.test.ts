import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawOf, orderOf, type View, winsOf } from '../../../../lib/origin/damping/choose.ts'

function view(ip: string, fields: Partial<View> = {}): View {
  const known = {
    kind: 'ip',
    ok: true,
    good: true,
    time: 0.1,
    code: '200',
    slow: false,
    score: 0.1,
    times: [],
  } as const
  const rest = { flapping: false, member: false, answered: true, waiting: 0, draw: 0.5, fell: false }
  return { ip, ...known, ...rest, ...fields }
}

for (const [title, views, sort, expected] of [
  ['ok before down', [view('a', { ok: false, good: false, score: 0 }), view('b', { score: 2 })], true, 'ba'],
  ['good before bad', [view('a', { good: false, score: 0.05 }), view('b', { score: 2 })], true, 'ba'],
  ['flapping behind its class', [view('a', { flapping: true, score: 0.05 }), view('b')], true, 'ba'],
  ['but before a bad one', [view('a', { flapping: true }), view('b', { good: false })], true, 'ab'],
  ['what must wait behind', [view('a', { waiting: 1, score: 0.05 }), view('b')], true, 'ba'],
  ['bands of 20 ms at least: equal', [view('a', { score: 0.1 }), view('b', { score: 0.119, draw: 0.9 })], true, 'ba'],
  ['bands of 20 ms at least: not', [view('a', { score: 0.1 }), view('b', { score: 0.121, draw: 0.9 })], true, 'ab'],
  ['bands of 10 %: equal', [view('a', { score: 1 }), view('b', { score: 1.09, draw: 0.9 })], true, 'ba'],
  ['bands of 10 %: not', [view('a', { score: 1 }), view('b', { score: 1.11, draw: 0.9 })], true, 'ab'],
  ['a member before equals', [view('a', { draw: 0.9 }), view('b', { member: true })], true, 'ba'],
  ['not sorted: as configured', [view('a', { score: 2 }), view('b', { score: 0.1 })], false, 'ab'],
  ['not sorted: still ok first', [view('a', { ok: false, good: false }), view('b')], false, 'ba'],
] as const) {
  test(`damping 8.2, choice: ${title}`, () => {
    assert.equal(
      orderOf(views, sort)
        .map(({ ip }) => ip)
        .join(''),
      expected,
    )
  })
}

test('damping 8.2, choice: draws are even over domains, stable, and differ between sites', () => {
  let east = 0
  let both = 0
  for (let i = 0; i < 2000; i++) {
    const first = (site: string) => drawOf(`d${i}.`, '192.0.2.1', site) > drawOf(`d${i}.`, '192.0.2.2', site)
    if (first('east')) east++
    if (first('east') === first('west')) both++
  }
  assert.ok(east > 900 && east < 1100, String(east))
  assert.ok(both > 900 && both < 1100, String(both))
  assert.equal(drawOf('a.', '192.0.2.1', 's'), drawOf('a.', '192.0.2.1', 's'))
})

test('damping 8.2, rule 3: all last results compared, each by the percentage', () => {
  const fast = view('a', { times: [1, 1, 1, 1, 1] })
  const slow = view('b', { times: [2, 2, 2, 2, 1.1] })
  assert.equal(winsOf([fast], [slow], 15), 0.8)
  assert.equal(winsOf([fast], [slow], 5), 1)
  assert.equal(winsOf([slow], [fast], 0), 0)
  assert.equal(winsOf([view('c', { times: [1, 1, 1, 1] })], [slow], 15), null)
})
