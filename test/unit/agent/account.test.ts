import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import { test } from 'node:test'
import { findAccount, findLine } from '../../../lib/agent/account.ts'
import { needRoot } from './agents.ts'

const passwd =
  'root:x:0:0:root:/root:/bin/sh\n42:x:7:7::/:\nsvc:x:42:50:a service:/srv:/bin/false\n+::::::\nx:y\n:x:9:9:::\n'

for (const [title, key, user] of [
  ['by name', 'svc', 'svc'],
  ['a name goes before a number', '42', '42'],
  ['by number', '0', 'root'],
  ['unknown', 'nobody', undefined],
  ['a line that is none', 'x', undefined],
  ['an NIS line', '+', undefined],
  ['an empty name', '', undefined],
  ['a line without a name', '9', undefined],
] as const) {
  test(`B17: a line of passwd: ${title}`, () => assert.equal(findLine(passwd, key)?.[0], user))
}

test('B17: without a setting it is the caller, found at once', () => {
  const { uid, gid, username, homedir } = userInfo()
  const account = findAccount(null, null)
  assert.ok(!(account instanceof Promise))
  assert.deepEqual([account.uid, account.gid, account.user, account.home], [uid, gid, username, homedir])
})

test('B17: a user has its own group, or the one that is named', needRoot, () => {
  assert.deepEqual(findAccount('daemon', null), { user: 'daemon', uid: 1, gid: 1, group: 'daemon', home: '/usr/sbin' })
  assert.deepEqual(findAccount(null, 'daemon'), { user: 'root', uid: 0, gid: 1, group: 'daemon', home: '/root' })
})

test('B17 B66: an unknown user or group is found out without waiting for the directory service', async () => {
  const ask = (user: string | null, group: string | null) => {
    const answer = findAccount(user, group)
    assert.ok(answer instanceof Promise)
    return answer
  }
  await assert.rejects(ask('no-such-user', null), { fault: 'config', message: "unknown user 'no-such-user'" })
  await assert.rejects(ask(null, 'no-such-group'), { fault: 'config', message: "unknown group 'no-such-group'" })
  await assert.rejects(ask('--help', null), { fault: 'config', message: "unknown user '--help'" })
})
