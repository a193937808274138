import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Request } from '../../../lib/model/target.ts'
import { lineOf, parse, parseOne } from './domain-conf-lines.ts'

const HOST = 'a.example.com'
const JPG = '/1700000000.jpg'
const get = (host: string, path: string): Request => ({ verb: 'GET', host, path, body_file: null, body_type: null })
const post = (host: string, path: string, file: string, type: string): Request => ({
  ...get(host, path),
  verb: 'POST',
  body_file: file,
  body_type: type,
})

/** column 11, the request (formats 2.4) */
const good: readonly [string, Request][] = [
  ['Y', get(HOST, JPG)],
  ['n', get(HOST, JPG)],
  ['Yes', get(HOST, JPG)],
  ['NO', get(HOST, JPG)],
  ['GET', get(HOST, JPG)],
  ['get', get(HOST, JPG)],
  ['HEAD', { ...get(HOST, JPG), verb: 'HEAD' }],
  ['Head|/x', { ...get(HOST, '/x'), verb: 'HEAD' }],
  ['GET:/path?a=b:c', get(HOST, '/path?a=b:c')],
  ['GET|/path', get(HOST, '/path')],
  ['GET:h.example.net/path', get('h.example.net', '/path')],
  ['GET:h.example.net', get('h.example.net', JPG)],
  ['GET:h.example.net/', get('h.example.net', JPG)],
  ['GET:/', get(HOST, JPG)],
  ['GET:h.example.net:8080/x', get('h.example.net:8080', '/x')],
  ['GET:192.0.2.1/x', get('192.0.2.1', '/x')],
  ['POST:/p|/etc/body', post(HOST, '/p', '/etc/body', 'text/plain')],
  ['post|h.example.net/p|body.xml|text/xml', post('h.example.net', '/p', 'body.xml', 'text/xml')],
  ['POST:/|b', post(HOST, JPG, 'b', 'text/plain')],
]
for (const [text, request] of good) {
  test(`formats 17.4: ${text}`, async () => {
    const { target, told } = await parseOne(lineOf({ 11: text, 14: text }))
    assert.deepEqual(told, [])
    assert.deepEqual(target?.request, request)
    assert.deepEqual(target?.referer_request, request)
  })
}

/** column 11, what is said */
const bad: readonly [string, string][] = [
  ['PUT', "is none of Y, N, GET, HEAD and POST: 'PUT'"],
  ['GETX', "is none of Y, N, GET, HEAD and POST: 'GETX'"],
  ['Yep', "is none of Y, N, GET, HEAD and POST: 'Yep'"],
  ['GET:', 'has no target after its verb'],
  ['GET:http://h.example.net/x', "has no legal host (no scheme): 'http:'"],
  ['GET:a..b/x', "has no legal host (no scheme): 'a..b'"],
  ['GET:/ü', "has a path that is not printable ASCII: '/ü'"],
  ['GET:/a\x01', "has a path that is not printable ASCII: '/a?'"],
  ['POST', "POST needs a target and a file: 'POST'"],
  ['POST:/p', "POST needs a file: 'POST:/p'"],
  ['POST:/p|', "POST needs a file: 'POST:/p|'"],
  ['POST:/p|f|a\rb', "has a type that is not printable ASCII: 'a?b'"],
]
for (const [text, reason] of bad) {
  test(`formats 17.4: ${JSON.stringify(text)} is an error`, async () => {
    const { target, told } = await parseOne(lineOf({ 11: text }, 13))
    assert.equal(target, undefined)
    const [only = ''] = told
    assert.equal(told.length, 1)
    assert.ok(only.startsWith('error: column 11 (Method)') && only.endsWith(reason), only)
  })
}

test('formats 2.4: what follows the target, or the type, is ignored with a warning', async () => {
  const rest = await parseOne(lineOf({ 11: 'GET:/x|y' }, 13))
  assert.deepEqual(rest.told, ['warning: column 11 (Method): what follows the target is ignored'])
  assert.equal(rest.target?.request.path, '/x')
  const type = await parseOne(lineOf({ 11: 'POST:/x|f|t|z' }, 13))
  assert.deepEqual(type.told, ['warning: column 11 (Method): what follows the type is ignored'])
})

test('formats 2.4: the old form sends the host with its final dot', async () => {
  const { targets } = await parse(lineOf({ 11: 'GET' }, 13), { compatHost: true })
  assert.equal(targets[0]?.request.host, 'a.example.com.')
})
