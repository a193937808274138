import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configAfter, configChanged } from '../../../lib/agent/task-config.ts'
import { type ErrName, errcodeOf } from '../../../lib/model/errcodes.ts'
import type { AgentConfigTask } from '../../../lib/model/task.ts'
import { textOf, upgrade } from './task-host.ts'

const present = textOf('1.0', { envs: { A: '1', B: '2' }, limits: { CPU: 10 }, retries: 5 })
const exec = '/opt/new'
const was = { name: 'web', version: '1.1', exec: '/opt/web' }

/** title, parameter of the task, the present configuration, the configuration after it */
const after: readonly [string, Record<string, unknown> | null, string | null, object][] = [
  [
    'B35: none: the present one, with the new version',
    null,
    present,
    { ...was, envs: { A: '1', B: '2' }, limits: { CPU: 10 }, retries: 5 },
  ],
  ['B34: a whole one: nothing of the present one is left', { exec }, present, { ...was, exec }],
  ['B34: a whole one of a new agent', { name: 'web', version: '1.1', exec }, null, { ...was, exec }],
  [
    'B48: a part: laid over the present one',
    { envs: { B: '3' }, limits: { MEM: '1M' }, retries: 1 },
    present,
    { ...was, envs: { A: '1', B: '3' }, limits: { CPU: 10, MEM: 1024 }, retries: 1 },
  ],
  ['B34: a whole one where the present one is broken', { exec }, '{', { ...was, exec }],
]
for (const [title, parameter, text, wanted] of after) {
  test(title, () => {
    const config = configAfter(upgrade({ parameter }), text)
    assert.ok('text' in config, JSON.stringify(config))
    assert.deepEqual(JSON.parse(config.text), wanted)
    assert.equal(config.config.version, '1.1')
  })
}

/** title, parameter, present configuration, errcode, message */
const bad: readonly [string, Record<string, unknown> | null, string | null, ErrName, RegExp][] = [
  ['B34: neither', null, null, 'BAD_CONFIG', /^the task has no 'parameter', and the agent no configuration to keep$/],
  ['B34: a part of nothing', { envs: {} }, null, 'BAD_CONFIG', /^the configuration is not valid: 'exec' is missing$/],
  ['B34: another name', { exec, name: 'api' }, null, 'CONFIG_DIFFERS', /^'name' in the configuration is not that/],
  ['B34: another version', { exec, version: '1.2' }, null, 'CONFIG_DIFFERS', /^'version' .* of the task, '1\.1'$/],
  ['B35: the present one is broken', null, '{', 'BAD_CONFIG', /^the present configuration cannot be read/],
  ['B35: the present one is a list', null, '[]', 'BAD_CONFIG', /^the present configuration cannot be read/],
  [
    'B29: faults',
    { exec, retries: 'x', user: 5 },
    null,
    'BAD_CONFIG',
    /: 'user' must be .*; 'retries' must be a whole/,
  ],
  [
    'B1: too large',
    { exec, envs: { A: 'x'.repeat(20_000) } },
    null,
    'BAD_CONFIG',
    /valid: it is larger than 16384 bytes$/,
  ],
]
for (const [title, parameter, text, name, message] of bad) {
  test(`${title}: refused`, () => {
    const config = configAfter(upgrade({ parameter }), text)
    assert.ok('errcode' in config)
    assert.equal(config.errcode, errcodeOf(name))
    assert.match(config.message, message)
  })
}

const change: AgentConfigTask = {
  ...{ action: 'agent-config', id: 'c1', name: 'web', version: '1.0', parameter: { retries: 1 } },
}

test('B38: a config task changes what it names', () => {
  const config = configChanged(change, present)
  assert.ok('text' in config)
  assert.deepEqual(JSON.parse(config.text), { ...JSON.parse(present), retries: 1 })
})

test('B38: only of an agent that is there, and of that version', () => {
  for (const [text, name] of [
    [null, 'NO_AGENT'],
    [textOf('1.1'), 'OTHER_VERSION'],
  ] as const) {
    const config = configChanged(change, text)
    assert.ok('errcode' in config)
    assert.equal(config.errcode, errcodeOf(name))
  }
})
