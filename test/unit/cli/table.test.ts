import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderTable } from '../../../lib/cli/table.ts'

test('table: columns line up, numbers on the right, no trailing blanks', () => {
  const table = renderTable(
    [{ head: 'DOMAIN' }, { head: 'TOTAL', right: true }, { head: 'ERROR' }],
    [
      ['img.example.com.', '0.210', ''],
      ['a.', '10.350', 'reset'],
    ],
  )
  assert.equal(
    table,
    ['DOMAIN             TOTAL  ERROR', 'img.example.com.   0.210', 'a.                10.350  reset', ''].join('\n'),
  )
})
