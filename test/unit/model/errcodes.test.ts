import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ERRCODES, errcodeOf } from '../../../lib/model/errcodes.ts'

const page = readFileSync(join(import.meta.dirname, '../../../man/bootagent-errors.5'), 'utf8')

test('B44, B45: bootagent-errors(5) tells of every errcode, in order, in the same words, and of no other', () => {
  const told = [...page.matchAll(/^\.It (\S+) (\S+)\n(.*)\.$/gm)].map(([, code = '', name, text = '']) => ({
    code: Number(code.replace('\\', '')),
    name,
    text: text.charAt(0).toLowerCase() + text.slice(1),
  }))
  assert.equal(page.match(/^\.It /gm)?.length, ERRCODES.length)
  assert.deepEqual(told, ERRCODES)
})

test('B44: no number and no name stands twice, and the numbers rise', () => {
  assert.equal(new Set(ERRCODES.map(({ name }) => name)).size, ERRCODES.length)
  for (const [i, { code }] of ERRCODES.entries()) assert.ok(i === 0 || code > (ERRCODES[i - 1]?.code ?? code))
})

test('B44: numbers that servers know stay what they are', () => {
  assert.deepEqual(
    (['INIT', 'VALID', 'START', 'OK', 'BAD_TASK', 'BAD_CHECKSUM', 'WENT_BACK', 'INTERNAL'] as const).map(errcodeOf),
    [-3, -2, -1, 0, 101, 204, 501, 901],
  )
})
