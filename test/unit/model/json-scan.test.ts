import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { scanJson } from '../../../lib/model/json-scan.ts'

const FAULTS: readonly [title: string, text: string, fault: string][] = [
  ['nothing', '', 'line 1, column 1: the text ends where a value should be'],
  ['blanks', ' \n\t', 'line 2, column 2: the text ends where a value should be'],
  ['cut in an object', '{"a": 1', "line 1, column 8: the text ends where ',' or '}' should be"],
  ['cut in a string', '{"a": "b', `line 1, column 7: a value should be here, not '"'`],
  ['no quotes', '{\n  a: 1 }', "line 2, column 3: a name in double quotes should be here, not 'a'"],
  ['single quotes', "{'a': 1}", "line 1, column 2: a name in double quotes should be here, not '''"],
  ['no colon', '{"a" 1}', "line 1, column 6: ':' should be here, not '1'"],
  ['no comma', '{"a": 1\n "b": 2}', `line 2, column 2: ',' or '}' should be here, not '"'`],
  ['a comma too many', '{"a": 1,\n}', "line 2, column 1: a name in double quotes should be here, not '}'"],
  ['a comma too many in a list', '[1,]', "line 1, column 4: a value should be here, not ']'"],
  ['a list left open', '[1 2', "line 1, column 4: ',' or ']' should be here, not '2'"],
  ['a word', '{"a": yes}', "line 1, column 7: a value should be here, not 'y'"],
  ['a line feed in a string', '{"a": "b\nc"}', `line 1, column 7: a value should be here, not '"'`],
  ['two objects', '{}\n{}', 'line 2, column 1: something stands after the end of the object'],
  ['a control character', '{\u0007}', "line 1, column 2: a name in double quotes should be here, not '\\u0007'"],
  ['a # comment', '{\n  # the name\n  "a": 1 }', 'line 2, column 3: a comment, which JSON does not have'],
  [
    'a # comment at the end of a line',
    '{ "a": 1, # one\n "b": 2 }',
    'line 1, column 11: a comment, which JSON does not have',
  ],
  ['a # comment at the end', '{}\n# end', 'line 2, column 1: a comment, which JSON does not have'],
  ['a // comment', '// x\n{}', 'line 1, column 1: a comment, which JSON does not have'],
  ['a /* comment', '{"a": /* x */ 1}', 'line 1, column 7: a comment, which JSON does not have'],
  ['too deep', '['.repeat(40), 'line 1, column 34: more than 32 objects and lists inside one another'],
]

for (const [title, text, fault] of FAULTS)
  test(`scanJson: ${title}`, () => assert.deepEqual(scanJson(text), { fault, repeated: [] }))

test('scanJson: members that are there twice are named with both places, however they are written', () => {
  assert.deepEqual(scanJson('{"a": 1, "b": {"c": [{"d": 0}], "c": 2},\n "\\u0061": {}}').repeated, [
    { field: 'b.c', reason: 'is given twice: line 1, column 16 and line 1, column 33' },
    { field: 'a', reason: 'is given twice: line 1, column 2 and line 2, column 2' },
  ])
  assert.deepEqual(scanJson('[{"a": 1}, {"a": 2}, {"__proto__": 1}]').repeated, [])
})

test('scanJson takes what JSON.parse takes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.boolean(), (json, pretty) => {
      const text = pretty ? JSON.stringify(JSON.parse(json), null, 2) : json
      assert.equal(scanJson(text).fault, null)
    }),
  )
})

test('scanJson refuses what JSON.parse refuses', () => {
  const piece = fc.constantFrom(...'{}[],:"\\ \n0159-+.eE#/', 'true', 'null', '"a"', '\\u00', '"b":', '\u0001', 'é')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const text = pieces.join('')
      assert.equal(scanJson(text).fault === null, isJson(text), text)
    }),
    { numRuns: 2000 },
  )
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
