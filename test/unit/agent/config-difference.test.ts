import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differenceOf, renderDifference } from '../../../lib/agent/config-difference.ts'
import { reload } from '../../../lib/agent/config-reload.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'
import { notRead, parseAgentConfig } from '../../../lib/model/agent-config-parse.ts'

function agent(name: string, fields: object = {}): AgentConfig {
  const { config } = parseAgentConfig({ name, version: '1', exec: '/bin/a', ...fields })
  assert.ok(config !== null)
  return config
}

/** title, the one configuration, the other, what is told of the difference */
const CHANGES: readonly (readonly [title: string, from: object, to: object, ...told: string[]])[] = [
  ['none', { envs: { A: '1', B: '2' } }, { envs: { B: '2', A: '1' } }],
  ['a default that is said', {}, { startsecs: 10, exitcodes: '0', stopsignal: 'TERM' }],
  ['other quotes', { exec: '/bin/a  -c "x"' }, { exec: "/bin/a -c 'x'" }],
  ['another word', { exec: '/bin/a b' }, { exec: '/bin/a c' }, 'exec: "/bin/a b" -> "/bin/a c"'],
  ['a number', {}, { restartsecs: 5 }, 'restartsecs: 20 -> 5'],
  [
    'a limit that comes, one that goes',
    { limits: { CPU: 30 } },
    { limits: { MEM: 9 } },
    'limits.CPU: 30 -> not set',
    'limits.MEM: not set -> 9',
  ],
  ['a group of its own', {}, { cgroup: {} }, 'cgroup: not set -> {}'],
  [
    'a check',
    {},
    { check: { path: '/run/a', match: 'string:ok' } },
    'check.interval: not set -> 20',
    'check.path: not set -> "/run/a"',
    'check.match: not set -> "string:ok"',
  ],
  [
    'variables, whose values are not told',
    { envs: { A: 'secret', B: 'secret' } },
    { envs: { A: 'other', C: 'secret' } },
    'envs.A: a value -> another',
    'envs.B: set -> not set',
    'envs.C: not set -> set',
  ],
  ['its version', {}, { version: '2' }, 'version: "1" -> "2"'],
]

for (const [title, from, to, ...told] of CHANGES) {
  test(`a changed configuration: ${title}`, () => {
    const lines = renderDifference(differenceOf([agent('a', from)], [agent('a', to)]))
    assert.deepEqual(
      lines,
      told.map(line => `change a: ${line}`),
    )
  })
}

test('agents that come and go are named, sorted', () => {
  const difference = differenceOf([agent('d'), agent('b'), agent('c')], [agent('e'), agent('c'), agent('a')])
  assert.deepEqual(difference, { added: ['a', 'e'], removed: ['b', 'd'], changed: [] })
  assert.deepEqual(renderDifference(difference), ['add a', 'add e', 'remove b', 'remove d'])
})

const good = (config: AgentConfig) => ({ config, name: config.name, faults: [], warnings: [] })
const broken = notRead({ field: '', reason: 'no JSON' })
const old = { file: '/c/a.json', config: agent('a', { version: 'old' }) }

test('B29: reload: a broken new file leaves its agent as it was, a file that is gone does not', () => {
  assert.deepEqual(reload([old], [{ file: '/c/a.json', parsed: broken }]), [old])
  assert.deepEqual(reload([old], []), [])
  assert.deepEqual(reload([], [{ file: '/c/a.json', parsed: broken }]), [])
})

test('B29: reload: a broken file is known by its path, by the agent it names, by its base name', () => {
  const renamed = { file: '/c/x.json', config: agent('a') }
  assert.deepEqual(reload([renamed], [{ file: '/c/x.json', parsed: broken }]), [renamed])
  const unknown = { file: null, config: agent('a') }
  assert.deepEqual(reload([unknown], [{ file: '/c/x.json', parsed: { ...broken, name: 'a' } }]), [
    { file: '/c/x.json', config: unknown.config },
  ])
  assert.deepEqual(reload([unknown], [{ file: '/c/a.json', parsed: broken }]), [
    { file: '/c/a.json', config: unknown.config },
  ])
})

test('B8, B29: reload: no agent twice, none from a file that is ignored', () => {
  const now = agent('a', { version: 'new' })
  const files = [
    { file: '/c/a.json', parsed: broken },
    { file: '/c/b.json', parsed: good(now) },
    { file: '/c/c.json', parsed: { ...broken, name: 'a' } },
    { file: '/c/d.json', parsed: { config: null, name: null, faults: [], warnings: [] } },
  ]
  assert.deepEqual(reload([old], files), [{ file: '/c/b.json', config: now }])
})
