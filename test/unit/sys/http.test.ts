import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { decodeBody } from '../../../lib/sys/http.ts'

for (const coding of ['gzip', 'GZIP', 'X-Gzip', 'identity', 'Identity']) {
  test(`http: the Content-Encoding ${coding}, in any case (RFC 9110, 8.4.1)`, () => {
    const body = /gzip/i.test(coding) ? gzipSync('text') : Buffer.from('text')
    const reply = { status: 200, headers: new Map([['content-encoding', coding]]), body }
    assert.equal(decodeBody(reply, 10).toString(), 'text')
  })
}
