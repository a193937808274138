import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAgentConfig } from '../../../lib/model/agent-config-parse.ts'
import { renderAgentConfig } from '../../../lib/model/agent-config-render.ts'

type Given = Readonly<Record<string, unknown>>

/** A configuration with every field. */
const FULL: Given & Readonly<Record<'cgroup' | 'limits' | 'check' | 'heartbeat', Given>> = {
  name: 'a',
  version: '1',
  exec: '/bin/a',
  type: 'fork',
  pidfile: '/run/a.pid',
  user: 'a',
  group: 'a',
  envs: { A: 'b' },
  stopsignal: 'TERM',
  exitcodes: '0',
  cgroup: { CPU: 1, MEM: 1 },
  limits: { CPU: 1, MEM: 1, FDS: 1 },
  check: { path: '/run/a', match: 'string:a' },
  heartbeat: { match: 'string:a' },
}

/** Field, least, most, whole numbers only. */
const NUMBERS: readonly (readonly [field: string, least: number, most: number, whole?: 'whole'])[] = [
  ['startsecs', 1, 86_400], // of a fork agent
  ['stopsecs', 0, 86_400],
  ['restartsecs', 0, 86_400],
  ['retries', -1, 1000, 'whole'],
  ['cgroup.CPU', 1, 10_000],
  ['cgroup.MEM', 1, 1e12, 'whole'],
  ['limits.interval', 1, 86_400],
  ['limits.CPU', 1, 1e6],
  ['limits.MEM', 1, 1e12, 'whole'],
  ['limits.FDS', 1, 1e9, 'whole'],
  ['check.interval', 1, 86_400],
  ['heartbeat.interval', 1, 86_400],
  ['checks', 1, 1000, 'whole'],
  ['checksecs', 1, 86_400],
]
const FLAGS = ['autostart', 'single', 'stopasgroup', 'stopit', 'checkall']
const TEXTS = ['name', 'version', 'exec', 'type', 'pidfile', 'user', 'group', 'stopsignal', 'exitcodes']
const MORE_TEXTS = ['check.path', 'check.match', 'heartbeat.match']
const OBJECTS = ['envs', 'cgroup', 'limits', 'check', 'heartbeat']
const NEEDED = ['name', 'version', 'exec', 'pidfile', 'check.path', 'check.match']

/** The full configuration with this field as given; undefined: without it. */
function withField(field: string, value: unknown): Given {
  const [outer = '', inner] = field.split('.')
  if (inner === undefined) return { ...FULL, [outer]: value }
  return { ...FULL, [outer]: { ...Object(FULL[outer]), [inner]: value } }
}

/** The fields that are at fault. */
function faulty(field: string, value: unknown): readonly string[] {
  const { config, faults } = parseAgentConfig(withField(field, value))
  assert.equal(config === null, faults.length > 0)
  return faults.map(fault => fault.field)
}

test('B29: every field is in one of the tables, but for autorestart, which takes any value (B23)', () => {
  const { config, faults } = parseAgentConfig(FULL)
  assert.deepEqual(faults, [])
  assert.ok(config !== null)
  const all = Object.entries(renderAgentConfig(config)).flatMap(([name, value]) =>
    OBJECTS.includes(name) && name !== 'envs'
      ? [name, ...Object.keys(Object(value)).map(key => `${name}.${key}`)]
      : [name],
  )
  const tables = [...NUMBERS.map(([field]) => field), ...FLAGS, ...TEXTS, ...MORE_TEXTS, ...OBJECTS, 'autorestart']
  assert.deepEqual(tables.sort(), all.sort())
})

/** One value of each type of JSON; `null` is no way to leave a field out. */
const TYPES: Readonly<Record<string, unknown>> = { null: null, text: '7', number: 7, flag: true, list: [], object: {} }
const KINDS: readonly (readonly [type: string, fields: readonly string[]])[] = [
  ['number', NUMBERS.map(([field]) => field)],
  ['flag', FLAGS],
  ['text', [...TEXTS, ...MORE_TEXTS]],
  ['object', OBJECTS],
]

for (const [right, fields] of KINDS) {
  for (const field of fields) {
    test(`B29: ${field} of any type but ${right} is a fault of that field`, () => {
      for (const [type, value] of Object.entries(TYPES))
        if (type !== right) assert.deepEqual(faulty(field, value), [field], type)
    })
  }
}

for (const [field, least, most, whole] of NUMBERS) {
  test(`B29: ${field} from ${least} to ${most}`, () => {
    for (const value of [least, most]) assert.deepEqual(faulty(field, value), [], `${value}`)
    for (const value of [least - 1, least - 0.001, most + 0.001, most + 1, -1e300, 1e300])
      assert.deepEqual(faulty(field, value), [field], `${value}`)
    assert.deepEqual(faulty(field, least + 0.5), whole === undefined ? [] : [field], 'a half')
  })
}

for (const field of NEEDED) {
  test(`B29: without ${field} it is no configuration`, () => assert.deepEqual(faulty(field, undefined), [field]))
}

test('B29: every other field may be left out', () => {
  for (const field of [...NUMBERS.map(([name]) => name), ...FLAGS, ...TEXTS, ...MORE_TEXTS, ...OBJECTS])
    if (!NEEDED.includes(field)) assert.deepEqual(faulty(field, undefined), [], field)
})
