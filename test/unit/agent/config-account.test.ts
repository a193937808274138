import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookForAccounts } from '../../../lib/agent/config-account.ts'
import { parseAgentConfig } from '../../../lib/model/agent-config-parse.ts'

/** title, what the configuration says of it, what is told */
const ACCOUNTS: readonly (readonly [title: string, given: object, ...faults: string[]])[] = [
  ['none', {}],
  ['root, whoever asks', { user: 'root', group: 'root' }],
  ['a number', { user: '0' }],
  [
    'neither is known',
    { user: 'no-such-user', group: 'no-such-group' },
    "user: unknown user 'no-such-user'",
    "group: unknown group 'no-such-group'",
  ],
]

for (const [title, given, ...faults] of ACCOUNTS) {
  test(`B17: user and group: ${title}`, async () => {
    const { config } = parseAgentConfig({ name: 'a', version: '1', exec: '/bin/a', ...given })
    assert.ok(config !== null)
    const found = await lookForAccounts(config)
    assert.deepEqual(
      found.map(({ field, reason }) => `${field}: ${reason}`),
      faults,
    )
  })
}
