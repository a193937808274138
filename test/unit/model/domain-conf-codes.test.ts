import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineOf, parseOne } from './domain-conf-lines.ts'

/** column 12, groups (formats 2.5) */
const good: readonly [string, readonly string[]][] = [
  ['200', ['200']],
  ['2**|30*', ['2**', '30*']],
  ['200|30*|4**', ['200', '30*', '4**']],
  ['2*4', ['2**']],
  ['000|200', ['000', '200']],
]
for (const [text, codes] of good) {
  test(`formats 17.5: ${text}`, async () => {
    assert.deepEqual((await parseOne(lineOf({ 12: text }, 13))).target?.codes, codes)
  })
}

/** column 12, the group that is wrong */
const bad: readonly [string, string][] = [
  ['20', '20'],
  ['200,301', '200,301'],
  ['2000', '2000'],
  ['***', '***'],
  ['600', '600'],
  ['200|', ''],
  ['*', '*'],
]
for (const [text, group] of bad) {
  test(`formats 17.5: ${text} is an error`, async () => {
    const reason = `column 12 (Code) is not a code like 200, 30* or 2**, separated by '|': '${group}'`
    assert.deepEqual(await parseOne(lineOf({ 12: text }, 13)), { target: undefined, told: [`error: ${reason}`] })
  })
}
