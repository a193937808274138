import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseHelp } from '../../../contrib/build/help.ts'
import { renderHelp } from '../../../lib/cli/help.ts'
import { renderVerbs, toVerb } from '../../../lib/cli/verbs.ts'
import { CommandError } from '../../../lib/errors.ts'

const options = {
  json: { short: 'j', help: 'records' },
  wait: { short: 't', value: 'SECS', help: 'a time' },
  socket: { long: 'socket', value: 'PATH', help: 'no letter' },
} as const

const verbs = {
  status: { operands: '[NAME…]', operandCount: [0, 2], options: ['json', 'wait', 'socket'], help: 'what is' },
  'config show': { operands: '[NAME…]', operandCount: [0, 2], help: 'what is set' },
  'config setlog': { operands: 'LEVEL', operandCount: [1, 1], options: ['socket'], help: 'how much' },
  sha256: { help: 'a sum' },
} as const

const find = (operands: readonly string[], given: object = {}) =>
  toVerb(verbs, options, { options: { json: false, wait: undefined, socket: undefined, ...given }, operands })

const good: [string, string[], object, string, string[]][] = [
  ['one word', ['status'], {}, 'status', []],
  ['operands', ['status', 'a', 'b'], {}, 'status', ['a', 'b']],
  ['two words', ['config', 'setlog', 'info'], {}, 'config setlog', ['info']],
  ['its options', ['status'], { json: true, wait: '1', socket: 'x' }, 'status', []],
]

for (const [title, operands, given, name, rest] of good) {
  test(title, () => assert.deepEqual(find(operands, given), { name, operands: rest }))
}

const bad: [string, string[], object, string][] = [
  ['unknown', ['frob'], {}, "unknown verb 'frob' (-h lists them)"],
  ['nearly known', ['satus'], {}, "unknown verb 'satus' (did you mean 'status'?)"],
  ['one word of two', ['config'], {}, "'config' needs a second word: show, setlog"],
  ['a second word that is nearly known', ['config', 'shw'], {}, "unknown verb 'config shw' (did you mean 'show'?)"],
  ['a second word that is not known', ['config', 'x'], {}, "unknown verb 'config x' (-h lists them)"],
  ['a flag of another', ['sha256'], { json: true }, "'sha256' takes no option -j"],
  ['a value of another', ['config', 'show'], { socket: 'x' }, "'config show' takes no option --socket"],
  ['an operand too many', ['status', 'a', 'b', 'c'], {}, "'c': 'status' takes only so many operands"],
  ['an operand where there is none', ['sha256', 'a'], {}, "'a': 'sha256' takes no operands"],
  ['a missing operand', ['config', 'setlog'], {}, "LEVEL is missing: 'config setlog' needs it"],
]

for (const [title, operands, given, reason] of bad) {
  test(`refused: ${title}`, () => {
    assert.throws(
      () => find(operands, given),
      (error: unknown) => error instanceof CommandError && error.fault === 'usage' && error.message === reason,
    )
  })
}

test('B65: what -h tells of the verbs is read back for the completions', () => {
  const help = renderHelp({ name: 'try', summary: 'To try.', options, notes: renderVerbs(verbs, options) })
  assert.match(help, /\n {2}status \[-j\] \[-t SECS\] \[NAME…\] {2}what is\n/)
  assert.deepEqual(parseHelp(help).verbs, [
    { words: 'status', operands: '[NAME…]', help: 'what is' },
    { words: 'config show', operands: '[NAME…]', help: 'what is set' },
    { words: 'config setlog', operands: 'LEVEL', help: 'how much' },
    { words: 'sha256', operands: '', help: 'a sum' },
  ])
  assert.equal(parseHelp(help).options.length, 5)
})
