import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findAccount, findLine } from '../../../lib/agent/account.ts'
import { needRoot, scratch } from './agents.ts'

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

function directory(t: TestContext, script: string) {
  const getent = join(scratch(t), 'getent')
  writeFileSync(getent, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { getent, timeoutMs: 300 }
}

test('B17 B66: who is only in the directory service is asked of it', needRoot, async t => {
  const service = directory(t, 'echo "$3:x:777:100:$1 $2:/home/x:/bin/sh"')
  const account = { user: 'remote', uid: 777, gid: 100, group: 'users', home: '/home/x' }
  assert.deepEqual(await findAccount('remote', null, service), account)
  const group = await findAccount('remote', 'far', service)
  assert.deepEqual([group.group, group.gid], ['far', 777])
})

test('B66: a directory service that does not answer is given up, and its garbage is no answer', async t => {
  await assert.rejects(async () => findAccount('remote', null, directory(t, 'exec sleep 60')), {
    fault: 'again',
    message: "no answer in time about 'remote' in passwd",
  })
  for (const script of ['echo remote', 'echo other:x:1:1:::', 'exit 2', 'exec head -c 1000000 /dev/zero']) {
    await assert.rejects(async () => findAccount('remote', null, directory(t, script)), {
      message: /^(unknown user 'remote'|no answer in time about 'remote' in passwd)$/,
    })
  }
  await assert.rejects(async () => findAccount('remote', null, { getent: '/nowhere/getent', timeoutMs: 300 }), {
    message: "unknown user 'remote'",
  })
})

test('B17: who is not root runs agents as nobody else', needRoot, t => {
  t.after(() => process.seteuid?.(0))
  process.seteuid?.(1)
  assert.throws(() => findAccount('root', null), {
    fault: 'permission',
    message: "unable to run as user 'root': not root",
  })
  assert.throws(() => findAccount('daemon', 'daemon'), {
    fault: 'permission',
    message: "unable to run as group 'daemon': not root",
  })
  const caller = { user: 'daemon', uid: 1, gid: 0, group: 'root', home: '/usr/sbin' }
  for (const account of [findAccount(null, null), findAccount('daemon', null), findAccount(null, 'root')]) {
    assert.deepEqual(account, caller)
  }
})
