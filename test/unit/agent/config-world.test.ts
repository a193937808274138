import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { lookAround } from '../../../lib/agent/config-world.ts'
import { parseAgentConfig } from '../../../lib/model/agent-config-parse.ts'

const dir = mkdtempSync(join(tmpdir(), 'config-world-'))
after(() => rmSync(dir, { recursive: true }))

const plain = join(dir, 'plain')
const program = join(dir, 'program')
writeFileSync(plain, '')
chmodSync(plain, 0o644)
writeFileSync(program, '')
chmodSync(program, 0o755)

/** title, what the configuration says besides name and version, what is told */
const WORLDS: readonly (readonly [title: string, given: object, ...warnings: string[]])[] = [
  ['B14: a program', { exec: `${program} -x` }],
  ['B14: exec is not there', { exec: `${dir}/none -x` }, `exec: '${dir}/none' is not there`],
  ['B14: exec is a directory', { exec: dir }, `exec: '${dir}' is a directory`],
  ['B14: exec is a device', { exec: '/dev/null' }, "exec: '/dev/null' is not a regular file"],
  ['B14: exec may not be run', { exec: plain }, `exec: '${plain}' cannot be run: permission denied`],
  ['B14: exec is under a file', { exec: `${plain}/a` }, `exec: '${plain}/a' cannot be run: not a directory`],
  [
    'B16, B26: no directory for the pid file, a file for that of the socket',
    { exec: program, pidfile: `${dir}/x/a.pid`, check: { path: `${plain}/a.sock`, match: 'string:ok' } },
    `pidfile: directory '${dir}/x' is not there`,
    `check.path: '${plain}' is not a directory`,
  ],
  [
    'B16, B26: directories',
    { exec: program, pidfile: `${dir}/a.pid`, check: { path: `${dir}/a.sock`, match: 'string:ok' } },
  ],
]

for (const [title, given, ...warnings] of WORLDS) {
  test(title, () => {
    const { config } = parseAgentConfig({ name: 'a', version: '1', ...given })
    assert.ok(config !== null)
    assert.deepEqual(
      lookAround(config).map(({ field, reason }) => `${field}: ${reason}`),
      warnings,
    )
  })
}
