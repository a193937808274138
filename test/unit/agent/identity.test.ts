import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Identity } from '../../../lib/agent/identity.ts'

const SN = '33c5b8b4-5a2c-43c5-ab90-96721451b4ec'
const OTHER = 'dcb886e9-04ed-41bb-9c12-4d2de12cd59b'

function host(text?: string, { builtIn = '', first = '' } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'identity-'))
  const path = join(dir, 'metafile')
  const tmp = join(dir, 'tmp')
  mkdirSync(tmp)
  if (text !== undefined) writeFileSync(path, text)
  const told: string[] = []
  const open = () => new Identity({ path, tmp, builtIn, first, warn: text => told.push(text) })
  return { path, tmp, told, open }
}

test('B52: a first start makes a UUID and writes nothing until a report was answered', () => {
  const { path, open } = host()
  const identity = open()
  assert.match(identity.agentsn, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  assert.equal(identity.registered, false)
  assert.equal(existsSync(path), false)
  identity.answered(OTHER, 'svc=ecs')
  assert.equal(readFileSync(path, 'utf8'), `AgentSN:${OTHER}\nTags:svc=ecs\nServerList:\n`)
  const again = open()
  assert.deepEqual([again.agentsn, again.registered, again.tags], [OTHER, true, 'svc=ecs'])
})

test('B55: built-in servers come first; -S counts at the first start only', () => {
  const options = { builtIn: 'built:1,in', first: 'first:2,' }
  const { open } = host(undefined, options)
  assert.deepEqual(open().servers, ['built:1', 'in:8180', 'first:2'])
  const later = host(`AgentSN:${SN}\nServerList:kept:3\n`, options)
  assert.deepEqual(later.open().servers, ['built:1', 'in:8180', 'kept:3'])
})

test('B38: servers are added to the MetaFile, once each; the built-in ones are never changed', () => {
  const { path, open } = host(`# ours\nAgentSN:${SN}\nServerList:a:1\n`, { builtIn: 'built:1' })
  const identity = open()
  assert.deepEqual(identity.add('b:2,a:1,b:2'), [])
  assert.deepEqual(identity.servers, ['built:1', 'a:1', 'b:2'])
  assert.equal(readFileSync(path, 'utf8'), `# ours\nAgentSN:${SN}\nServerList:a:1,b:2\nTags:\n`)
})

/** title, the list, why it is refused */
const refused: readonly [string, string, RegExp][] = [
  ['one that is wrong', 'c:3,nonsense:x', /nonsense:x/],
  ['more than are kept', Array.from({ length: 51 }, (_, i) => `s${i}`).join(), /one more than 50/],
  [
    'more than fit',
    Array.from({ length: 40 }, (_, i) => `${'s'.repeat(60)}.${'s'.repeat(20)}${i}`).join(),
    /fit in it/,
  ],
]
for (const [title, list, reason] of refused) {
  test(`B38: a list of servers is taken whole or not at all: ${title}`, () => {
    const { path, open } = host(`AgentSN:${SN}\nServerList:a:1\n`)
    const identity = open()
    assert.match(identity.add(list)[0] ?? '', reason)
    assert.deepEqual(identity.servers, ['a:1'])
    assert.equal(readFileSync(path, 'utf8'), `AgentSN:${SN}\nServerList:a:1\n`)
  })
}

test('B5: what is wrong in a MetaFile is told by its line, and the rest counts', () => {
  const { told, open, path } = host(`AgentSN:${SN}\nwhat\nServerList:a:1\n`)
  assert.deepEqual(open().servers, ['a:1'])
  assert.deepEqual(told, [`${path}:2: 'what' is no line of a MetaFile`])
})

test('B70: what cannot be written is kept, told once, and written when it can be', () => {
  const { path, tmp, told, open } = host()
  const identity = open()
  rmSync(tmp, { recursive: true })
  identity.answered(SN, null)
  identity.answered(SN, null)
  assert.deepEqual([identity.agentsn, identity.registered, told.length], [SN, true, 1])
  assert.match(told[0] ?? '', /^unable to write '.*metafile': no such file or directory: it is kept in memory/)
  mkdirSync(tmp)
  identity.answered(SN, null)
  assert.equal(readFileSync(path, 'utf8'), `AgentSN:${SN}\nTags:\nServerList:\n`)
})
