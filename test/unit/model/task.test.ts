import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { errcodeOf } from '../../../lib/model/errcodes.ts'
import { parseTask } from '../../../lib/model/task.ts'

const HEX = 'ab'.repeat(32)
const id = 'ddc8a9b9-55bd-4ddd-b53d-47095ee19466'
const web = { name: 'web', version: '1.0' }
const url = 'ftp://server:2121/BasicAgent/BasicAgent-0.1.0-0.x86_64.rpm'
const install = { id, action: 'install', ...web, url }
const unset = { checksum: null, speed: 100, parameter: null }

/** row and title, task, what is understood */
const good: readonly [string, object, object][] = [
  ['B34: install', install, { ...install, ...unset }],
  ['B35: upgrade', { ...install, action: 'upgrade' }, { ...install, action: 'upgrade', ...unset }],
  ['B34: unknown fields', { ...install, priority: 'high', __proto__x: 1 }, { ...install, ...unset }],
  ['B34: what is null is not there', { ...install, checksum: null, parameter: null }, { ...install, ...unset }],
  ['B34: a checksum', { ...install, checksum: `sha256:${HEX.toUpperCase()}` }, { ...install, ...unset, checksum: HEX }],
  ['B34: an empty checksum is none', { ...install, checksum: '' }, { ...install, ...unset }],
  ['B46: speed', { ...install, speed: 0.5 }, { ...install, ...unset, speed: 0.5 }],
  ['B49: of a repository', { ...install, url: 'yum:web-1.0' }, { ...install, url: 'yum:web-1.0', ...unset }],
  ['B50: a file', { ...install, url: 'file:///a.rpm' }, { ...install, url: 'file:///a.rpm', ...unset }],
  ['B36: uninstall', { id, action: 'uninstall', ...web }, { id, action: 'uninstall', ...web, force: false }],
  [
    'B36: uninstall by force',
    { id, action: 'uninstall', ...web, option: 'force' },
    { id, action: 'uninstall', ...web, force: true },
  ],
  ...(['start', 'stop', 'restart'] as const).flatMap((operation): [string, object, object][] => [
    [
      `B37: program ${operation}`,
      { id, action: 'program', operation, ...web },
      { id, action: 'program', operation, ...web, force: false },
    ],
    [
      `B48: ${operation} as such, B40: by force`,
      { id, action: operation, ...web, option: 'force' },
      { id, action: 'program', operation, ...web, force: true },
    ],
  ]),
  [
    'B38: config of bootagent',
    { id, action: 'config', svrlist: '192.168.9.1:1234,', step: 1200 },
    { id, action: 'config', servers: '192.168.9.1:1234,', step: 1200 },
  ],
  ['B38: only the step', { id, action: 'config', step: 60 }, { id, action: 'config', servers: null, step: 60 }],
  [
    'B38: a name without a configuration makes it no agent’s',
    { id, action: 'config', ...web, svrlist: 'a', step: 3600 },
    { id, action: 'config', servers: 'a', step: 3600 },
  ],
  [
    'B38: config of an agent',
    { id, action: 'config', ...web, parameter: { startsecs: 5 } },
    { id, action: 'agent-config', ...web, parameter: { startsecs: 5 } },
  ],
  [
    'B33: an id of 127 bytes',
    { ...install, id: 'é'.repeat(63) + 'x' },
    { ...install, ...unset, id: 'é'.repeat(63) + 'x' },
  ],
]

for (const [title, task, wanted] of good) test(title, () => assert.deepEqual(parseTask(task), wanted))

test('B34: an install has a name, a version and a url, else it is refused, each by its name', () => {
  assert.deepEqual(parseTask({ id, action: 'install', ...web, url }), { ...install, ...unset })
  for (const field of ['name', 'version', 'url']) {
    const spec = parseTask({ ...install, [field]: undefined })
    assert.ok('refusal' in spec)
    assert.deepEqual([spec.refusal.id, spec.refusal.errcode], [id, errcodeOf('BAD_TASK')])
    assert.match(spec.refusal.message, new RegExp(`^'${field}' `))
  }
})

test('B37: program does start, stop and restart, and nothing that only looks like one of them', () => {
  for (const operation of ['start', 'stop', 'restart']) {
    const spec = parseTask({ id, action: 'program', ...web, operation })
    assert.ok('operation' in spec)
    assert.equal(spec.operation, operation)
  }
  for (const operation of ['START', ' start', 'start;stop', '', 'constructor', null, ['start'], 1]) {
    assert.ok('refusal' in parseTask({ id, action: 'program', ...web, operation }))
  }
})

test('B46: the speed is KB a second, 100 where none is given, and never without a bound', () => {
  const speedOf = (speed: unknown) => {
    const spec = parseTask({ ...install, speed })
    return 'speed' in spec ? spec.speed : 'refused'
  }
  assert.deepEqual([undefined, null, 1, 0.5, 1e7].map(speedOf), [100, 100, 1, 0.5, 1e7])
  for (const speed of [0, -1, 1e7 + 1, Number.POSITIVE_INFINITY, Number.NaN, '100', true, [100]]) {
    assert.equal(speedOf(speed), 'refused')
  }
})

/** row and title, task, name of the errcode, message */
const refused: readonly [string, object, Parameters<typeof errcodeOf>[0], RegExp][] = [
  ['B33: an action that is not known', { id, action: 'reboot' }, 'UNKNOWN_ACTION', /^'reboot' is no action$/],
  ['B33: an action that would forge a line of a log', { id, action: 'a\nb' }, 'UNKNOWN_ACTION', /^[^\n]*is no action$/],
  ['B33: no name', { ...install, name: undefined }, 'BAD_TASK', /^'name' must be 1 to 50 letters/],
  ['B33: a name that leaves its directory', { ...install, name: '../x' }, 'BAD_TASK', /^'name' must be/],
  ['B33: the name of the daemon', { ...install, name: 'BootAgent' }, 'BAD_TASK', /^'name' 'BootAgent' is the daemon/],
  ['B33: no version', { ...install, version: undefined }, 'BAD_TASK', /^'version' must be/],
  ['B33: a version with a blank', { ...install, version: '1 0' }, 'BAD_TASK', /^'version' must be/],
  ['B33: a version that is a number', { ...install, version: 1 }, 'BAD_TASK', /^'version' must be/],
  ['B34: no url', { ...install, url: undefined }, 'BAD_TASK', /^'url' is not ftp:/],
  ['B50: a url of another kind', { ...install, url: 'gopher://a/b' }, 'BAD_TASK', /^'url' is not ftp:/],
  ['B50: a url that is an option', { ...install, url: '--output=/etc/passwd' }, 'BAD_TASK', /^'url' is not/],
  ['B49: a package that is an option', { ...install, url: 'yum:--nogpgcheck' }, 'BAD_TASK', /^'url' is not/],
  ['B49: a package without its version', { ...install, url: 'apt:web' }, 'BAD_TASK', /^'url' is not.* apt:NAME=VER/],
  ['B49: one of yum without', { ...install, url: 'yum:web' }, 'BAD_TASK', /^'url' is not.* yum:NAME-VERSION/],
  ['B49: a kind in capitals would be a file', { ...install, url: 'YUM:web-1' }, 'BAD_TASK', /^'url' is not/],
  ['B50: a url with a line end', { ...install, url: 'ftp://a/b\r\nDELE c' }, 'BAD_TASK', /^'url' is not/],
  ['B50: a url without end', { ...install, url: `ftp://a/${'b'.repeat(2048)}` }, 'BAD_TASK', /^'url' is not/],
  ['B34: a checksum of another kind', { ...install, checksum: `MD5:${HEX}` }, 'OTHER_CHECKSUM', /SHA256/],
  ['B34: a checksum without its kind', { ...install, checksum: HEX }, 'OTHER_CHECKSUM', /SHA256/],
  ['B34: a short checksum', { ...install, checksum: 'SHA256:abc' }, 'BAD_TASK', /64 hexadecimal digits/],
  ['B34: a checksum that is no string', { ...install, checksum: 5 }, 'BAD_TASK', /'checksum' is not a string/],
  ['B46: speed 0', { ...install, speed: 0 }, 'BAD_TASK', /^'speed' is not a number of KB a second, above 0/],
  ['B46: speed in words', { ...install, speed: '100' }, 'BAD_TASK', /^'speed'/],
  ['B34: a parameter that is a list', { ...install, parameter: [] }, 'BAD_TASK', /^'parameter' is not an object$/],
  ['B48: envs that are none', { ...install, envs: 'PATH=/' }, 'BAD_TASK', /^'envs' is not an object$/],
  ['B37: no operation', { id, action: 'program', ...web }, 'BAD_TASK', /^'operation' is not start, stop or restart$/],
  ['B37: another', { id, action: 'program', operation: 'kill', ...web }, 'BAD_TASK', /^'operation'/],
  [
    'B38: a config of nothing',
    { id, action: 'config', ...web },
    'BAD_TASK',
    /^none of 'parameter', 'svrlist' and 'step'/,
  ],
  ['B38: of both', { id, action: 'config', ...web, parameter: {}, step: 60 }, 'BAD_TASK', /^'parameter' is an agent's/],
  ['B38: of an agent without a name', { id, action: 'config', parameter: {} }, 'BAD_TASK', /^'name'/],
  ...[59, 3601, 60.5, '60', true].map((step): [string, object, 'BAD_TASK', RegExp] => [
    `B38: step ${JSON.stringify(step)}`,
    { id, action: 'config', step },
    'BAD_TASK',
    /^'step' is not a whole number from 60 to 3600$/,
  ]),
  ['B38: an empty list of servers', { id, action: 'config', svrlist: '' }, 'BAD_TASK', /^'svrlist' is not a list/],
  ['B38: one that no MetaFile holds', { id, action: 'config', svrlist: 'a'.repeat(4000) }, 'BAD_TASK', /^'svrlist'/],
]

for (const [title, task, name, message] of refused) {
  test(`${title} is refused`, () => {
    const spec = parseTask(task)
    assert.ok('refusal' in spec)
    assert.deepEqual([spec.refusal.id, spec.refusal.errcode], [id, errcodeOf(name)])
    assert.match(spec.refusal.message, message)
  })
}

const nobody: readonly unknown[] = [
  ...[null, 5, 'install', [], [install], {}, { action: 'install' }, { id }, { id, action: 5 }],
  ...['', 5, null, 'x'.repeat(128), 'é'.repeat(64), 'a\nb', 'a\0', '\ud800'].map(wrong => ({ ...install, id: wrong })),
]
for (const task of nobody) {
  test(`B33: ignored: ${JSON.stringify(task)?.slice(0, 50)}`, () => {
    const spec = parseTask(task)
    assert.ok('refusal' in spec)
    assert.equal(spec.refusal.id, null)
    assert.notEqual(spec.refusal.message, '')
  })
}

/** title, fields of the task, the configuration in it */
const parameters: readonly [string, object, object][] = [
  ['alone', { envs: { A: '1' } }, { envs: { A: '1' } }],
  [
    'over those of the parameter',
    { parameter: { x: 1, envs: { A: '0', B: '2' } }, envs: { A: '1' } },
    { x: 1, envs: { A: '1', B: '2' } },
  ],
  ['instead of none', { parameter: { envs: 5 }, envs: { A: '1' } }, { envs: { A: '1' } }],
  ['limits in words', { limits: { CPU: '10%', MEM: '20M' } }, { limits: { CPU: 10, MEM: 20_480 } }],
  ['in the parameter too', { parameter: { limits: { CPU: '12.5%' } } }, { limits: { CPU: 12.5 } }],
  ['of other units', { limits: { CPU: '10', MEM: '1.5GB' } }, { limits: { CPU: 10, MEM: 1_572_864 } }],
  ['KB', { limits: { MEM: '512k', FDS: 5 } }, { limits: { MEM: 512, FDS: 5 } }],
  [
    'what is not understood stays',
    { limits: { CPU: '1M', MEM: '5%', FDS: '9K' } },
    { limits: { CPU: '1M', MEM: '5%', FDS: '9K' } },
  ],
]
for (const [title, fields, parameter] of parameters) {
  test(`B48: short forms: ${title}`, () => {
    const spec = parseTask({ ...install, ...fields })
    assert.deepEqual('parameter' in spec && spec.parameter, parameter)
  })
}

test('B48: a task from the net changes no prototype', () => {
  const spec = parseTask(
    JSON.parse(`{"id":"a","action":"config","name":"web","version":"1","parameter":
    {"__proto__":{"x":1},"limits":{"__proto__":{"MEM":"1M"}}},"envs":{"__proto__":"y"}}`),
  )
  assert.ok('parameter' in spec)
  assert.equal(({} as Record<string, unknown>)['x'], undefined)
})

test('B33: whatever comes is either understood or refused', () => {
  const words = fc.constantFrom('install', 'upgrade', 'uninstall', 'program', 'config', 'start', 'web', '1.0', 'a', url)
  const task = fc.record(
    Object.fromEntries(
      ['id', 'action', 'name', 'version', 'url', 'speed', 'checksum', 'parameter', 'envs', 'limits', 'step'].map(
        name => [name, fc.oneof(words, words, fc.jsonValue())],
      ),
    ),
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(task, fc.jsonValue()), value => {
      const spec = parseTask(value)
      if ('refusal' in spec) assert.ok(spec.refusal.errcode > 0 && spec.refusal.message.length < 300)
      else assert.ok(Buffer.byteLength(spec.id) <= 127)
    }),
    { numRuns: 3000 },
  )
})
