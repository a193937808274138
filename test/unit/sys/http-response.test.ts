import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HEAD_MOST, LINE_MOST, ResponseReader } from '../../../lib/sys/http-response.ts'

interface Outcome {
  readonly verdict: string
  readonly code: string
  readonly bytes: number
  readonly end: string
}

interface Row {
  readonly title: string
  readonly text: string
  readonly verb?: string
  readonly limit?: number
  readonly expected: Outcome
}

const OK = 'HTTP/1.1 200 OK\r\n'
const whole = (bytes: number, code = '200'): Outcome => ({ verdict: 'done', code, bytes, end: 'whole' })
const bad = (code = '000', bytes = 0): Outcome => ({ verdict: 'bad', code, bytes, end: 'bad-response' })
const open = (end: string, code: string, bytes = 0): Outcome => ({ verdict: 'more', code, bytes, end })

const rows: readonly Row[] = [
  { title: 'Content-Length', text: `${OK}Content-Length: 5\r\n\r\nhello`, expected: whole(5) },
  { title: 'Content-Length, any case and blanks', text: `${OK}content-LENGTH:\t5 \r\n\r\nhello`, expected: whole(5) },
  { title: 'the same Content-Length twice', text: `${OK}Content-Length: 5, 5\r\n\r\nhello`, expected: whole(5) },
  {
    title: 'more than Content-Length is not counted',
    text: `${OK}Content-Length: 5\r\n\r\nhello!!!`,
    expected: whole(5),
  },
  {
    title: 'cut before Content-Length',
    text: `${OK}Content-Length: 5\r\n\r\nhel`,
    expected: open('short-body', '200', 3),
  },
  { title: 'Content-Length 0', text: `${OK}Content-Length: 0\r\n\r\n`, expected: whole(0) },
  {
    title: 'two different Content-Lengths',
    text: `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
    expected: bad('200'),
  },
  { title: 'a negative Content-Length', text: `${OK}Content-Length: -5\r\n\r\nhello`, expected: bad('200') },
  { title: 'bare line feeds', text: 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', expected: whole(5) },
  { title: 'no reason phrase', text: 'HTTP/1.0 404\r\nContent-Length: 1\r\n\r\nx', expected: whole(1, '404') },
  { title: 'until close', text: `${OK}\r\nhello`, expected: open('whole', '200', 5) },
  { title: 'chunked', text: `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, expected: whole(5) },
  {
    title: 'chunked with extensions, trailers and a Content-Length that does not count',
    text: `${OK}Content-Length: 1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\nA;a="b"\r\nhellohello\r\n3 ;c\r\nabc\r\n000\r\nX: y\r\nZ: a\r\n\r\n`,
    expected: whole(13),
  },
  {
    title: 'chunked, the last chunk missing',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
    expected: open('short-body', '200', 5),
  },
  {
    title: 'chunked, cut in a chunk',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`,
    expected: open('short-body', '200', 3),
  },
  {
    title: 'chunked, cut in the trailers',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\nX: y`,
    expected: open('short-body', '200'),
  },
  {
    title: 'a chunk size that is none',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello`,
    expected: { ...bad('200'), end: 'bad-response' },
  },
  {
    title: 'a chunk longer than its size',
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n`,
    expected: bad('200', 2),
  },
  {
    title: 'another coding reads until close',
    text: `${OK}Transfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nhello`,
    expected: open('whole', '200', 5),
  },
  { title: 'HEAD has no body', verb: 'HEAD', text: `${OK}Content-Length: 5\r\n\r\n`, expected: whole(0) },
  { title: '204 has no body', text: 'HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n', expected: whole(0, '204') },
  { title: '304 has no body', text: 'HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n', expected: whole(0, '304') },
  {
    title: 'interim responses come before the one that counts',
    text: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nContent-Length: 9\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
    expected: whole(5),
  },
  {
    title: 'nothing but an interim response',
    text: 'HTTP/1.1 100 Continue\r\n\r\n',
    expected: open('bad-response', '000'),
  },
  { title: 'the limit ends it', limit: 3, text: `${OK}Content-Length: 5\r\n\r\nhello`, expected: whole(3) },
  {
    title: 'the limit ends chunks too',
    limit: 7,
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n`,
    expected: whole(7),
  },
  { title: 'the limit ends a body without an end', limit: 4, text: `${OK}\r\nhello`, expected: whole(4) },
  { title: 'no HTTP', text: 'SSH-2.0-OpenSSH\r\n', expected: bad() },
  { title: 'HTTP/2', text: 'HTTP/2 200\r\n\r\n', expected: bad() },
  { title: 'a status that is none', text: 'HTTP/1.1 2000 OK\r\n\r\n', expected: bad() },
  { title: 'a blank line first', text: `\r\n${OK}\r\n`, expected: bad() },
  { title: 'nothing', text: '', expected: open('bad-response', '000') },
  { title: 'cut in the status line', text: 'HTTP/1.1 20', expected: open('bad-response', '000') },
  { title: 'cut in the headers', text: `${OK}Content-`, expected: open('bad-response', '200') },
  { title: 'a header over the limit', text: `${OK}X: ${'x'.repeat(LINE_MOST)}\r\n\r\n`, expected: bad('200') },
  {
    title: 'headers over the limit',
    text: `${OK}${`X: ${'x'.repeat(1000)}\r\n`.repeat(HEAD_MOST / 1000 + 1)}`,
    expected: bad('200'),
  },
  {
    title: 'interim responses over the limit',
    text: `HTTP/1.1 100 Continue\r\n\r\n`.repeat(HEAD_MOST / 20),
    expected: { ...bad(), code: '000' },
  },
]

function read({ text, verb = 'GET', limit = 1e9 }: Row, pieces: (bytes: Buffer) => Iterable<Buffer>): Outcome {
  const reader = new ResponseReader(limit, verb)
  const shared = Buffer.alloc(256 * 1024) // as in the probe: what is past the piece belongs to somebody else
  let verdict = 'more'
  for (const piece of pieces(Buffer.from(text, 'latin1'))) {
    shared.fill('\n')
    piece.copy(shared)
    verdict = reader.feed(shared, piece.length)
    if (verdict !== 'more') break
  }
  return { verdict, code: reader.code, bytes: reader.bytes, end: reader.end() }
}

for (const row of rows) {
  test(`a response: ${row.title}`, () => {
    assert.deepEqual(
      read(row, bytes => [bytes]),
      row.expected,
    )
  })

  test(`a response: ${row.title}, cut anywhere`, () => {
    const length = row.text.length
    const step = length > 1000 ? 997 : 1
    for (let at = 0; at <= length; at += step) {
      assert.deepEqual(
        read(row, bytes => [bytes.subarray(0, at), bytes.subarray(at)]),
        row.expected,
        `cut at ${at}`,
      )
    }
    if (length > 1000) return
    assert.deepEqual(
      read(row, bytes => [...bytes].map(byte => Buffer.from([byte]))),
      row.expected,
      'byte by byte',
    )
  })
}
