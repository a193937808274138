import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainDomain } from '../../../../lib/origin/damping/explain.ts'
import { EMPTY_STATE, parseState, renderState } from '../../../../lib/origin/damping/state.ts'
import { EPOCH, live, newProber, targetOf, type World } from './replay-world.ts'

function someState() {
  const targets = [targetOf('a.example.', ['192.0.2.1', '192.0.2.2']), targetOf('b.example.', ['192.0.2.2'])]
  const world: World = { targets, answer: (ip, round) => (ip === '192.0.2.1' && round > 1 ? null : 0.2) }
  const prober = newProber(new Map())
  for (let i = 0; i < 6; i++) live(prober, world)
  return prober.state
}

const TEXT = [...renderState(someState())].join('')

for (const [title, text, fault] of [
  ['nothing', '', null],
  ['blanks', ' \n', null],
  ['as written', TEXT, null],
  ['the last line cut', TEXT.slice(0, -10), 'line 5: the line is cut short'],
  [
    'a line missing',
    `${TEXT.trimEnd().split('\n').slice(0, -1).join('\n')}\n`,
    'line 5: 2 domains should follow, 1 do',
  ],
  ['a unit line missing', TEXT.replace(/\{"type":"unit-state".*\n/, ''), `line 3: field 'unit' is missing`],
  ['a line of something else', TEXT.replace(/\{"type":"unit-state".*\n/, '{\n'), 'line 2: not JSON'],
  ['another version', TEXT.replace('"version":2', '"version":3'), 'line 1: version 3, this program knows 2'],
  ['a header without its counts', TEXT.replace(/"units":2,/, ''), `line 1: field 'units' is missing`],
  ['a wrong field', TEXT.replace('"results":[', '"results":["x",'), null],
] as const) {
  test(`damping state: ${title}`, () => {
    const parsed = parseState([text], 'state')
    if (title === 'a wrong field') assert.match(parsed.fault ?? '', /^line 2: field 'results/)
    else assert.equal(parsed.fault, fault)
    if (parsed.fault !== null || text.trim() === '') assert.equal(parsed.state, EMPTY_STATE)
    else assert.equal([...renderState(parsed.state)].join(''), text)
  })
}

test('damping state: wherever the pieces of a file end, it is the same state', () => {
  const { state } = parseState([TEXT], 'state')
  for (let at = 0; at <= TEXT.length; at += 7) {
    assert.deepEqual(parseState([TEXT.slice(0, at), TEXT.slice(at)], 'state'), { state, fault: null })
  }
})

test('damping state: a file that is none of ours is an error, not a state to start anew', () => {
  for (const text of ['a.example. N Y\n', '{"type":"unit-state"}\n', '[]\n']) {
    assert.throws(() => parseState([text], 'f'), { fault: 'data', message: /^'f' is no state file of rank-ips/ })
  }
})

test('damping state: domains and units that are gone are forgotten after a day', () => {
  const world: World = { targets: [targetOf('c.example.', ['192.0.2.9'])], answer: () => 0.2 }
  const prober = { ...newProber(new Map()), state: someState(), round: 5 + 24 * 60 - 1 }
  live(prober, world)
  assert.deepEqual([...prober.state.domains.keys()], ['a.example.', 'b.example.', 'c.example.'])
  live(prober, world)
  assert.deepEqual([...prober.state.domains.keys()], ['c.example.'])
  assert.deepEqual(
    [...prober.state.units.values()].map(({ ip }) => ip),
    ['192.0.2.9'],
  )
})

test('damping state: a domain explained, with its health, results and streaks', () => {
  const told = explainDomain(someState(), 'a.example.', { rule: 'median' }, EPOCH + 300)
  assert.deepEqual(told?.table.rows.toSorted(), [
    [
      '192.0.2.1',
      'no',
      'down for 60 s',
      '0.200 failed failed failed failed',
      '3.000',
      'down',
      'up after 2 successes in a row, 0 so far',
    ],
    [
      '192.0.2.2',
      'yes',
      'up for 5 min',
      '0.200 0.200 0.200 0.200 0.200',
      '0.200',
      'good',
      'down after 3 failures of 5, 0 so far',
    ],
  ])
  assert.equal(explainDomain(someState(), 'z.example.', { rule: 'median' }, EPOCH), null)
})
