import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Scheduled, wayOf } from '../../../lib/origin/schedule.ts'

const http = (tcp: number | null, full: number | null): Scheduled => ({
  scheme: 'http',
  tcp_interval: tcp,
  http_interval: full,
})
const https = (tcp: number | null, full: number | null): Scheduled => ({ ...http(tcp, full), scheme: 'https' })

/** title, columns 20 and 21, minute, way; the title begins with the row of the table in formats 2.6 */
const rows: readonly [string, Scheduled, number, string][] = [
  ['row 1: both 0 is never', http(0, 0), 0, 'none'],
  ['row 1: both 0 is never, at any minute', http(0, 0), 7, 'none'],
  ['row 2: TCP only, due', http(5, 0), 28_000_000, 'TCP'],
  ['row 2: TCP only, not due', http(5, 0), 28_000_001, 'none'],
  ['row 3: full, due', http(0, 5), 10, 'HTTP'],
  ['row 3: full before TCP when both are due', http(5, 10), 20, 'HTTP'],
  ['row 3: full over TLS', https(1, 5), 10, 'HTTPS'],
  ['row 3: every minute', http(0, 1), 11, 'HTTP'],
  ['row 4: full not due, no TCP', http(0, 5), 11, 'none'],
  ['row 5: full not due, TCP due', http(1, 5), 11, 'TCP'],
  ['row 5: full not due, TCP due, port 443', https(1, 5), 11, 'TCP'],
  ['row 5: neither due', http(2, 5), 11, 'none'],
  ['no columns: every round', http(null, null), 11, 'HTTP'],
  ['no columns: every round, port 443', https(null, null), 11, 'HTTPS'],
  ['a target record with one of the two only', http(2, null), 4, 'TCP'],
  ['a target record with the other one only', http(null, 3), 4, 'none'],
]
for (const [title, target, minutes, way] of rows) {
  test(`schedule (formats 2.6): ${title}`, () => assert.equal(wayOf(target, minutes), way))
}
