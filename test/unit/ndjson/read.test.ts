import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readLines } from '../../../lib/ndjson/lines.ts'
import { readRecords, selectRecords } from '../../../lib/ndjson/read.ts'

async function* chunks(...parts: (string | Uint8Array)[]) {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part
}

const lines: [string, (string | Uint8Array)[], (string | undefined)[]][] = [
  ['nothing', [], []],
  ['no final newline', ['a\nb'], ['a', 'b']],
  ['a line over three chunks', ['a', 'b', 'c\n'], ['abc']],
  ['empty lines count', ['\n\na\n'], ['', '', 'a']],
  ['CR LF', ['a\r\nb\r', '\n'], ['a', 'b']],
  ['a character cut by the chunk', [Buffer.from('é\n').subarray(0, 1), Buffer.from('é\n').subarray(1)], ['é']],
  ['a byte order mark', ['\ufeffa\n\ufeffb\n'], ['a', '\ufeffb']],
  ['a long line inside one chunk', ['12345678901\nb\n'], [undefined, 'b']],
  ['a long line over chunks', ['a\n1234567', '8901234', '567\nb\n'], ['a', undefined, 'b']],
  ['a long line at the end', ['a\n12345678901'], ['a', undefined]],
  ['a long line that ends with its chunk', ['12345678901', '\nb\n'], [undefined, 'b']],
  ['a line of just the limit', ['1234567890\n'], ['1234567890']],
]
for (const [title, parts, expected] of lines) {
  test(`lines: ${title}`, async () => {
    const got = await Array.fromAsync(readLines(chunks(...parts), 10))
    assert.deepEqual(
      got,
      expected.map((text, i) => ({ line: i + 1, text })),
    )
  })
}

test('lines: any text in any chunks comes back', async () => {
  const line = fc.string().map(text => text.replaceAll(/[\r\n\ufeff]/g, ''))
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(40)), async (texts, cuts) => {
      const bytes = Buffer.from(texts.map(text => `${text}\n`).join(''))
      const parts: Uint8Array[] = []
      let at = 0
      for (const cut of cuts) {
        parts.push(bytes.subarray(at, at + cut))
        at = Math.min(bytes.length, at + cut)
      }
      const got = await Array.fromAsync(readLines(chunks(...parts, bytes.subarray(at))))
      assert.deepEqual(
        got.map(({ text }) => text),
        texts.map(text => Buffer.from(text).toString()),
      )
    }),
  )
})

test('records: bad lines are numbered and do not end the input', async () => {
  const input = chunks('{"type":"a"}\nnull\n[]\n\nnot\n{"cut":', '\n"x"\n{"type":"b"}')
  assert.deepEqual(
    (await Array.fromAsync(readRecords(input))).map(item => ('fault' in item ? [item.line, item.fault] : item.record)),
    [
      { type: 'a' },
      [2, 'not an object'],
      [3, 'not an object'],
      [5, 'not JSON'],
      [6, 'not JSON'],
      [7, 'not an object'],
      { type: 'b' },
    ],
  )
})

test('records: known types are checked, all others passed on as they were', async () => {
  const passed: string[] = []
  const faults: [number, string][] = []
  const input = chunks(
    '{ "type": "other" , "x":1.0}\n{"type":"n","n":1}\n{"type":"n"}\n{"n":2}\n{"type":"toString"}\nx\n',
  )
  const checks = {
    n: (record: { readonly [field: string]: unknown }) => {
      if (typeof record['n'] !== 'number') throw new Error("field 'n' is missing")
      return record['n']
    },
  }
  const values = await Array.fromAsync(
    selectRecords(input, checks, {
      pass: async text => void passed.push(text),
      bad: (line, reason) => void faults.push([line, reason]),
    }),
  )
  assert.deepEqual(values, [{ line: 2, value: 1 }])
  assert.deepEqual(passed, ['{ "type": "other" , "x":1.0}', '{"n":2}', '{"type":"toString"}'])
  assert.deepEqual(faults, [
    [3, "field 'n' is missing"],
    [6, 'not JSON'],
  ])
})
