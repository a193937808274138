import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchFault } from '../../../lib/agent/match.ts'

for (const [kind, wanted, text, fault] of [
  ['string', 'success', 'success', null],
  ['string', 'success', 'success: 3 workers', null],
  ['string', 'success', 'Success', "does not match 'string:success': 'Success'"],
  ['string', 'a.c', 'abc', "does not match 'string:a.c': 'abc'"],
  ['string', 'é', 'café', null],
  ['string', 'x', '', "does not match 'string:x': ''"],
  ['regex', 'success', 'a success', null],
  ['regex', '^success$', 'success', null],
  ['regex', '^success$', 'success ', "does not match 'regex:^success$': 'success '"],
  ['regex', '^load [0-9]{1,2}$', 'load 42', null],
  ['regex', '(', '(', "does not match 'regex:(': '('"],
  ['regex', 'ok', '\x1b[2J\0\n', "does not match 'regex:ok': '?[2J??'"],
  ['regex', 'ok', 'x'.repeat(100), `does not match 'regex:ok': '${'x'.repeat(60)}…'`],
  ['string', 'end', `${'x'.repeat(124)}end`, null],
  ['string', 'end', `${'x'.repeat(125)}end`, `does not match 'string:end': '${'x'.repeat(60)}…'`],
  ['regex', 'x{128}', 'x'.repeat(1000), `does not match 'regex:x{128}': '${'x'.repeat(60)}…'`],
] as const) {
  test(`B26, B27: ${kind}:${wanted} and ${JSON.stringify(text.slice(0, 20))}`, () =>
    assert.equal(matchFault({ kind, text: wanted }, text), fault))
}
