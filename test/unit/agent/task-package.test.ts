import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PackageDeed, packageAnswer, packageCommand } from '../../../lib/agent/task-package.ts'
import { errcodeOf } from '../../../lib/model/errcodes.ts'

const install: PackageDeed = { deed: 'install', name: '-web', version: '1.0', source: '/tmp/web.rpm' }
const back: PackageDeed = { deed: 'back', name: 'web', version: '1.0' }
const remove: PackageDeed = { deed: 'remove-pkg', name: 'web', force: false }

/** the deed, its command */
const commands: readonly [PackageDeed, string][] = [
  [install, 'install-pkg -t 600 -- -web 1.0 /tmp/web.rpm'],
  [{ ...install, source: 'apt:web=1.0' }, 'install-pkg -t 600 -- -web 1.0 apt:web=1.0'],
  [back, 'install-pkg -t 600 --back -- web 1.0'],
  [remove, 'remove-pkg -t 600 -- web'],
  [{ ...remove, force: true }, 'remove-pkg -t 600 --force -- web'],
]
for (const [deed, command] of commands) {
  test(`B49: ${command}`, () => assert.equal(packageCommand(deed).join(' '), command))
}

/** the deed, its status, why, the errcode */
const ends: readonly [PackageDeed, number | null, string, Parameters<typeof errcodeOf>[0]][] = [
  [install, 1, "'rpm' failed: it does not like it", 'INSTALL'],
  [install, 64, "'yum:x' is not yum:NAME-VERSION", 'BAD_TASK'],
  [install, 65, "'/tmp/web.rpm' is a bad package", 'BAD_PACKAGE'],
  [install, 69, "'rpm': no such program", 'INSTALL'],
  [install, 74, 'unable to install it: no space left on device', 'NO_SPACE'],
  [install, 74, 'unable to install it: read-only file system', 'INSTALL'],
  [install, 75, "'dpkg' failed: its database is locked: by apt", 'LOCKED'],
  [install, 75, "'dpkg' took more than 600 s", 'INSTALL'],
  [remove, 75, "'dpkg' took more than 600 s", 'REMOVE'],
  [install, 77, 'not permitted', 'INSTALL'],
  [install, null, 'install-pkg was ended by SIGKILL', 'INSTALL'],
  [back, 1, "'web' has no earlier version to go back to", 'INSTALL'],
  [remove, 1, "'dpkg' failed", 'REMOVE'],
  [remove, 75, "'x' is locked: another one is at work", 'LOCKED'],
]
for (const [deed, status, reason, name] of ends) {
  test(`B44: ${deed.deed} ended with ${status}, ${reason}: ${name}`, () =>
    assert.deepEqual(packageAnswer(deed, { status, records: [], reason }), {
      type: 'failed',
      errcode: errcodeOf(name),
      message: reason,
    }))
}

test('B49: the package is there', () => {
  assert.deepEqual(packageAnswer(install, { status: 0, records: [], reason: '' }), { type: 'done' })
})
