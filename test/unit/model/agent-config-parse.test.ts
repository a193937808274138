import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'
import { type ParsedConfig, parseAgentConfig, parseAgentText } from '../../../lib/model/agent-config-parse.ts'
import { renderAgentConfig } from '../../../lib/model/agent-config-render.ts'

const LEAST = { name: 'a', version: '1', exec: '/bin/a' }

const DEFAULTS: AgentConfig = {
  ...LEAST,
  argv: ['/bin/a'],
  type: 'simple',
  pidfile: null,
  user: null,
  group: null,
  envs: {},
  startsecs: 10,
  autostart: false,
  single: true,
  stopsignal: 'SIGTERM',
  stopsecs: 60,
  stopasgroup: true,
  stopit: false,
  restartsecs: 20,
  retries: 3,
  exitcodes: [0],
  autorestart: 'yes',
  cgroup: null,
  limits: null,
  check: null,
  heartbeat: null,
  checks: 3,
  checksecs: 20,
  checkall: false,
}

const CHECK = { path: '/run/a.sock', match: 'string:ok' }

/** row, what the file says besides name, version and exec, what becomes of it */
const GOOD: readonly [row: string, given: object, is: Partial<AgentConfig>][] = [
  ['B14 to B28: the defaults', {}, {}],
  ['B8: a name of 50 bytes', { name: 'aZ0_-'.repeat(10) }, { name: 'aZ0_-'.repeat(10) }],
  ['B14: a version of 64 bytes', { version: '1'.repeat(64) }, { version: '1'.repeat(64) }],
  [
    'B14: words in quotes, nothing expanded',
    { exec: `/bin/a  -c 'x y' "$HOME" \\* é` },
    { exec: `/bin/a  -c 'x y' "$HOME" \\* é`, argv: ['/bin/a', '-c', 'x y', '$HOME', '*', 'é'] },
  ],
  ['B14: 255 bytes', { exec: `/${'a'.repeat(254)}` }, { exec: `/${'a'.repeat(254)}`, argv: [`/${'a'.repeat(254)}`] }],
  ['B15, B19: fork', { type: 'fork', pidfile: '/run/a.pid' }, { type: 'fork', pidfile: '/run/a.pid', startsecs: 60 }],
  ['B16: a pid file of a simple agent', { pidfile: '/run/a.pid' }, { pidfile: '/run/a.pid' }],
  ['B17: user and group', { user: 'a.b\\c', group: 'domain users' }, { user: 'a.b\\c', group: 'domain users' }],
  [
    'B18: an environment',
    { envs: { PATH: '/bin', _a1: '', X: 'a\nb=c', constructor: 'y' } },
    { envs: { PATH: '/bin', _a1: '', X: 'a\nb=c', constructor: 'y' } },
  ],
  ['B19: no time, half a second', { startsecs: 0, restartsecs: 0.5 }, { startsecs: 0, restartsecs: 0.5 }],
  ['B20, B21: flags', { autostart: true, single: false }, { autostart: true, single: false }],
  ['B22: no SIG', { stopsignal: 'HUP' }, { stopsignal: 'SIGHUP' }],
  ['B22: any case', { stopsignal: 'sigusr2' }, { stopsignal: 'SIGUSR2' }],
  [
    'B22: how it is stopped',
    { stopsecs: 0, stopasgroup: false, stopit: true },
    { stopsecs: 0, stopasgroup: false, stopit: true },
  ],
  ['B23: a day', { restartsecs: 86400 }, { restartsecs: 86400 }],
  ['B23: never give up', { retries: -1 }, { retries: -1 }],
  ['B23: exit codes', { exitcodes: ' 0, 9,255,9' }, { exitcodes: [0, 9, 255] }],
  ['B23: unexpect', { autorestart: 'unexpect' }, { autorestart: 'unexpect' }],
  ['B23: no', { autorestart: 'no' }, { autorestart: 'no' }],
  ['B24: cgroup', { cgroup: { CPU: 20, MEM: 3000 } }, { cgroup: { cpu: 20, mem: 3000 } }],
  ['B24: cgroup, one of them', { cgroup: { MEM: 1 } }, { cgroup: { cpu: null, mem: 1 } }],
  [
    'B25: limits',
    { limits: { interval: 1, CPU: 30.5, MEM: 102400, FDS: 1000 } },
    { limits: { interval: 1, cpu: 30.5, mem: 102400, fds: 1000 } },
  ],
  ['B25: its interval', { limits: { FDS: 9 } }, { limits: { interval: 60, cpu: null, mem: null, fds: 9 } }],
  [
    'B26: check, and B28: its interval',
    { check: CHECK, checksecs: 30, checks: 1 },
    {
      check: { interval: 30, path: '/run/a.sock', match: { kind: 'string', text: 'ok' } },
      checksecs: 30,
      checks: 1,
    },
  ],
  [
    'B26: a regex, a path of 107 bytes, an interval of its own',
    { check: { interval: 60, path: `/${'a'.repeat(106)}`, match: 'regex:^ok: (\\d+|none)$' } },
    { check: { interval: 60, path: `/${'a'.repeat(106)}`, match: { kind: 'regex', text: '^ok: (\\d+|none)$' } } },
  ],
  ['B27: heartbeat', { heartbeat: {} }, { heartbeat: { interval: 60, match: null } }],
  [
    'B27: with match',
    { heartbeat: { interval: 5, match: 'string:regex:' } },
    { heartbeat: { interval: 5, match: { kind: 'string', text: 'regex:' } } },
  ],
  ['B69: checkall', { checkall: true }, { checkall: true }],
]

for (const [row, given, is] of GOOD) {
  test(row, () => {
    const config = { ...DEFAULTS, ...is }
    assert.deepEqual(parseAgentConfig({ ...LEAST, ...given }), { config, name: config.name, faults: [], warnings: [] })
    assert.deepEqual(parseAgentConfig(renderAgentConfig(config)).config, config)
  })
}

/** row, what the file says besides name, version and exec, what is said of it */
const FAULTS: readonly (readonly [row: string, given: Readonly<Record<string, unknown>>, ...faults: string[]])[] = [
  [
    'B14: nothing is there',
    { name: undefined, version: undefined, exec: undefined },
    'name: is missing',
    'version: is missing',
    'exec: is missing',
  ],
  ...['', 'a.b', 'a b', 'é', 'a/b', 'a\n'].map(
    name =>
      [
        `B8: the name ${JSON.stringify(name)}`,
        { name },
        `name: must be 1 to 50 letters, digits, '_' and '-', not ${JSON.stringify(name).replace('\\n', '\\u000a')}`,
      ] as const,
  ),
  [
    'B8: 51 bytes',
    { name: 'a'.repeat(51) },
    `name: must be 1 to 50 letters, digits, '_' and '-', not "${'a'.repeat(40)}..."`,
  ],
  ['B8: no string', { name: 5 }, "name: must be 1 to 50 letters, digits, '_' and '-', not 5"],
  ['B8: the name of the daemon', { name: 'BootAgent' }, "name: 'BootAgent' is the daemon itself"],
  [
    'B14: a version with a blank',
    { version: '1 2' },
    'version: must be 1 to 64 printable characters without blanks, not "1 2"',
  ],
  [
    'B14: a version of 65 bytes',
    { version: '1'.repeat(65) },
    `version: must be 1 to 64 printable characters without blanks, not "${'1'.repeat(40)}..."`,
  ],
  [
    'B14: a version that is a number',
    { version: 1.2 },
    'version: must be 1 to 64 printable characters without blanks, not 1.2',
  ],
  ['B14: exec is a list', { exec: ['/bin/a'] }, 'exec: must be a string, not a list'],
  ['B14: exec is empty', { exec: '' }, 'exec: is empty'],
  ['B14: exec is blank', { exec: '  ' }, 'exec: is empty'],
  ['B14: exec is not absolute', { exec: 'bin/a -x' }, 'exec: the first word must be an absolute path, not "bin/a"'],
  [
    'B14: exec is a directory by its name',
    { exec: '/bin/' },
    'exec: the first word must be an absolute path, not "/bin/"',
  ],
  ['B14: exec has an empty first word', { exec: `'' /bin/a` }, 'exec: the first word must be an absolute path, not ""'],
  ['B14: a quote is left open', { exec: `/bin/a 'b` }, 'exec: a quote is left open'],
  ['B14: 256 bytes', { exec: `/${'é'.repeat(127)}a` }, 'exec: is longer than 255 bytes: 256'],
  ['B14: a line feed', { exec: '/bin/a\n/bin/b' }, 'exec: holds control characters: "/bin/a\\u000a/bin/b"'],
  ['B14: half a character', { exec: '/bin/a \ud800' }, 'exec: holds control characters: "/bin/a \\ud800"'],
  ['B15: another type', { type: 'daemon' }, `type: must be 'simple' or 'fork', not "daemon"`],
  ['B15: no word', { type: null }, "type: must be 'simple' or 'fork', not null"],
  ['B16: fork without a pid file', { type: 'fork' }, "pidfile: is missing, and type 'fork' needs it"],
  [
    'B16: fork with a bad one',
    { type: 'fork', pidfile: 'a.pid' },
    'pidfile: must be an absolute path of a file, not "a.pid"',
  ],
  ['B16: a directory', { pidfile: '/run/' }, 'pidfile: must be an absolute path of a file, not "/run/"'],
  ['B16: 4096 bytes', { pidfile: `/${'a'.repeat(4095)}` }, 'pidfile: is longer than 4095 bytes: 4096'],
  ['B16: no string', { pidfile: null }, 'pidfile: must be a string, not null'],
  ['B17: no name', { user: '', group: 0 }, 'user: is empty', 'group: must be a string, not 0'],
  [
    'B17: no name of passwd(5)',
    { user: 'a:b', group: '-a' },
    'user: must be a name, not "a:b"',
    'group: must be a name, not "-a"',
  ],
  ['B18: a list', { envs: ['A=b'] }, 'envs: must be an object, not a list'],
  ['B18: a number in it', { envs: { A: 'x', B: 1 } }, 'envs: B must be a string, not 1'],
  ['B18: no name of a variable', { envs: { 'A=B': 'x' } }, 'envs: "A=B" is no name of a variable'],
  ['B18: an empty name', { envs: { '': 'x' } }, 'envs: "" is no name of a variable'],
  ['B18: a NUL', { envs: { A: 'x\0y' } }, 'envs: A holds a NUL'],
  ['B19: below 0', { startsecs: -1 }, 'startsecs: must be a number from 0 to 86400, not -1'],
  [
    'B19: fork has to have time',
    { type: 'fork', pidfile: '/a', startsecs: 0 },
    'startsecs: must be a number from 1 to 86400, not 0',
  ],
  ['B19: a string', { startsecs: '10' }, 'startsecs: must be a number from 0 to 86400, not "10"'],
  ['B20: a word', { autostart: 'true' }, 'autostart: must be true or false, not "true"'],
  ['B21: a number', { single: 1 }, 'single: must be true or false, not 1'],
  [
    'B22: another signal',
    { stopsignal: 'SIGSTOP' },
    'stopsignal: must be one of TERM, HUP, INT, QUIT, KILL, USR1 and USR2, not "SIGSTOP"',
  ],
  [
    'B22: SIG alone',
    { stopsignal: 'SIG' },
    'stopsignal: must be one of TERM, HUP, INT, QUIT, KILL, USR1 and USR2, not "SIG"',
  ],
  [
    'B22: its number',
    { stopsignal: 15 },
    'stopsignal: must be one of TERM, HUP, INT, QUIT, KILL, USR1 and USR2, not 15',
  ],
  ['B22: more than a day', { stopsecs: 86401 }, 'stopsecs: must be a number from 0 to 86400, not 86401'],
  [
    'B22: no flags',
    { stopasgroup: null, stopit: {} },
    'stopasgroup: must be true or false, not null',
    'stopit: must be true or false, not an object',
  ],
  ['B23: a list', { restartsecs: [1] }, 'restartsecs: must be a number from 0 to 86400, not a list'],
  ['B23: retries below -1', { retries: -2 }, 'retries: must be a whole number from -1 to 1000, not -2'],
  ['B23: retries above 1000', { retries: 1001 }, 'retries: must be a whole number from -1 to 1000, not 1001'],
  ['B23: half a retry', { retries: 0.5 }, 'retries: must be a whole number from -1 to 1000, not 0.5'],
  ...['', '0,', '-1', '256', '0;9', '1e2'].map(
    exitcodes =>
      [
        `B23: the exit codes '${exitcodes}'`,
        { exitcodes },
        `exitcodes: must be a string of exit statuses from 0 to 255 between commas, not "${exitcodes}"`,
      ] as const,
  ),
  [
    'B23: a number',
    { exitcodes: 9 },
    'exitcodes: must be a string of exit statuses from 0 to 255 between commas, not 9',
  ],
  ['B24: no object', { cgroup: 20 }, 'cgroup: must be an object, not 20'],
  [
    'B24: a short form',
    { cgroup: { CPU: '20%', MEM: '20M' } },
    'cgroup.CPU: must be a number from 1 to 10000, not "20%"',
    'cgroup.MEM: must be a whole number from 1 to 1000000000000, not "20M"',
  ],
  [
    'B25: out of bounds',
    { limits: { interval: 0, CPU: 0, MEM: 0.5, FDS: -1 } },
    'limits.interval: must be a number from 1 to 86400, not 0',
    'limits.CPU: must be a number from 1 to 1000000, not 0',
    'limits.MEM: must be a whole number from 1 to 1000000000000, not 0.5',
    'limits.FDS: must be a whole number from 1 to 1000000000, not -1',
  ],
  ['B25: a list', { limits: [] }, 'limits: must be an object, not a list'],
  ['B26: nothing in it', { check: {} }, 'check.path: is missing', 'check.match: is missing'],
  [
    'B26: a TCP address',
    { check: { ...CHECK, path: 'localhost:80' } },
    'check.path: must be an absolute path of a file, not "localhost:80"',
  ],
  [
    'B26: a path of 108 bytes',
    { check: { ...CHECK, path: `/${'a'.repeat(107)}` } },
    'check.path: is longer than 107 bytes: 108',
  ],
  [
    'B26: no kind of match',
    { check: { ...CHECK, match: 'success' } },
    `check.match: must be 'regex:...' or 'string:...', not "success"`,
  ],
  ['B26: nothing to match', { check: { ...CHECK, match: 'string:' } }, "check.match: nothing stands after 'string:'"],
  [
    'B26: a long match',
    { check: { ...CHECK, match: `string:${'a'.repeat(256)}` } },
    "check.match: has more than 255 bytes after 'string:'",
  ],
  ['B26: a bad regex', { check: { ...CHECK, match: 'regex:a(b' } }, 'check.match: is no regular expression: "a(b"'],
  [
    'B26: a regex without end',
    { check: { ...CHECK, match: 'regex:^(a+)+$' } },
    'check.match: may take too long: more than three open repetitions, or choices inside one: "^(a+)+$"',
  ],
  ...['.*a.*b.*c.*', '^(ok|good)+$', '(a|b){16}', '(x?){40}'].map(
    regex =>
      [
        `B26: the regex ${regex}`,
        { check: { ...CHECK, match: `regex:${regex}` } },
        `check.match: may take too long: more than three open repetitions, or choices inside one: "${regex}"`,
      ] as const,
  ),
  [
    'B26: a short interval',
    { check: { ...CHECK, interval: 0.5 } },
    'check.interval: must be a number from 1 to 86400, not 0.5',
  ],
  [
    'B27: a match that is an object',
    { heartbeat: { match: {} } },
    "heartbeat.match: must be 'regex:...' or 'string:...', not an object",
  ],
  ['B27: a flag', { heartbeat: true }, 'heartbeat: must be an object, not true'],
  [
    'B28: out of bounds',
    { checks: 0, checksecs: 0 },
    'checksecs: must be a number from 1 to 86400, not 0',
    'checks: must be a whole number from 1 to 1000, not 0',
  ],
  ['B69: a word', { checkall: 'no' }, 'checkall: must be true or false, not "no"'],
]

for (const [row, given, ...faults] of FAULTS) {
  test(row, () => {
    const parsed = parseAgentConfig({ ...LEAST, ...given })
    assert.deepEqual([parsed.config, linesOf(parsed.faults)], [null, faults])
  })
}

/** row, what the file says besides name, version and exec, what is said of it, what becomes of it */
const WARNINGS: readonly [row: string, given: object, warning: string, is?: Partial<AgentConfig>][] = [
  ['B29: an unknown field', { restartsec: 1 }, "restartsec: unknown field (did you mean 'restartsecs'?)"],
  ['B29: one that is like none', { '//': 'note\u001b[0m' }, '//: unknown field'],
  ['B29: one that JavaScript knows', JSON.parse('{"__proto__": 1}'), '__proto__: unknown field'],
  [
    'B29: one inside',
    { limits: { CPU: 1, mem: 3 } },
    "limits.mem: unknown field (did you mean 'MEM'?)",
    { limits: { interval: 60, cpu: 1, mem: null, fds: null } },
  ],
  [
    'B23: any other word is yes',
    { autorestart: 'never' },
    `autorestart: must be 'yes', 'no' or 'unexpect', not "never": taken as 'yes'`,
  ],
  [
    'B23: any other value is yes',
    { autorestart: false },
    "autorestart: must be 'yes', 'no' or 'unexpect', not false: taken as 'yes'",
  ],
  [
    'B24: a group without a limit',
    { cgroup: {} },
    'cgroup: limits nothing: it has none of CPU, MEM',
    { cgroup: { cpu: null, mem: null } },
  ],
  ['B25: limits without a limit', { limits: { interval: 5 } }, 'limits: limits nothing: it has none of CPU, MEM, FDS'],
]

for (const [row, given, warning, is] of WARNINGS) {
  test(`${row}: a warning`, () => {
    const { config, faults, warnings } = parseAgentConfig({ ...LEAST, ...given })
    assert.deepEqual([config, faults, linesOf(warnings)], [{ ...DEFAULTS, ...is }, [], [warning]])
  })
}

test('B29: every fault of a file is told at once, and the agent that it is about', () => {
  const parsed = parseAgentText('{"name": "b", "exec": 1, "user": 2, "check": {"path": 3}, "user": 4, "x": 5}')
  assert.deepEqual([parsed.config, parsed.name, linesOf(parsed.warnings)], [null, 'b', ['x: unknown field']])
  assert.deepEqual(linesOf(parsed.faults), [
    'user: is given twice: line 1, column 26 and line 1, column 59',
    'version: is missing',
    'exec: must be a string, not 1',
    'user: must be a string, not 4',
    'check.path: must be a string, not 3',
    'check.match: is missing',
  ])
})

/** title, text, fault */
const TEXTS: readonly [string, string, string][] = [
  ['B29: no JSON', '{\n  "name": x', ": line 2, column 11: a value should be here, not 'x'"],
  ['B29: a comment', '{\n  "name": "a",   # the name', ': line 2, column 18: a comment, which JSON does not have'],
  ['B29: no object', '[]', ': must be an object, not a list'],
  ['B29: a string', '"a"', ': must be an object, not "a"'],
  ['B29: nothing', '', ': line 1, column 1: the text ends where a value should be'],
  ['B1: 16385 bytes', `${JSON.stringify(LEAST)}${' '.repeat(16385)}`.slice(0, 16385), ': is larger than 16384 bytes'],
]

for (const [title, text, fault] of TEXTS) {
  test(title, () => {
    const parsed = parseAgentText(text)
    assert.deepEqual([parsed.config, parsed.name, linesOf(parsed.faults)], [null, null, [fault]])
  })
}

test('B1: 16384 bytes, a byte order mark before them', () => {
  const text = `\ufeff${JSON.stringify(LEAST)}`
  assert.deepEqual(parseAgentText(text + '\n'.repeat(16384 - Buffer.byteLength(text))).config, DEFAULTS)
})

const word = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('/bin/a', 'simple', 'fork', 'yes', 'TERM', '0,9', 'regex:(', 'string:x', '/run/a', "'"),
)
const value = fc.oneof(word, fc.double(), fc.integer({ min: -2, max: 100 }), fc.boolean(), fc.jsonValue())
const inner = fc.oneof(
  value,
  fc.dictionary(fc.constantFrom('interval', 'CPU', 'MEM', 'FDS', 'path', 'match', 'cpu', 'PATH'), value),
)
const anything = fc.dictionary(
  fc.oneof(fc.constantFrom(...Object.keys(renderAgentConfig(DEFAULTS)), 'pidfile', 'limits', 'check', 'cgroup'), word),
  inner,
)

test('B29: whatever is given, there is a configuration or a fault, and never both', () => {
  const isSound = (parsed: ParsedConfig) => (parsed.config === null) === parsed.faults.length > 0
  fc.assert(fc.property(fc.jsonValue(), given => isSound(parseAgentConfig(given))))
  fc.assert(fc.property(anything, given => isSound(parseAgentConfig(given))))
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => isSound(parseAgentText(text))))
})

test('a configuration that is written out and read again is the same', () => {
  const sound = fc
    .record({
      limits: fc.record(
        { interval: fc.integer({ min: 1, max: 9 }), CPU: fc.integer({ min: 1, max: 99 }), FDS: fc.constant(9) },
        { requiredKeys: [] },
      ),
      check: fc.record({ path: fc.constant('/run/x'), match: fc.string().map(text => `string:x${text.slice(0, 99)}`) }),
      heartbeat: fc.record({ interval: fc.integer({ min: 1, max: 9 }), match: fc.constant('regex:^a') }),
      envs: fc.dictionary(fc.stringMatching(/^[A-Za-z_]{1,9}$/), fc.string()),
      cgroup: fc.record({ CPU: fc.integer({ min: 1, max: 99 }), MEM: fc.constant(4) }, { requiredKeys: [] }),
      exitcodes: fc.array(fc.nat(255), { minLength: 1 }).map(codes => codes.join(',')),
      stopsignal: fc.constantFrom('TERM', 'sigkill', 'Usr1'),
      retries: fc.integer({ min: -1, max: 1000 }),
      user: fc.constantFrom('root', 'www-data'),
    })
    .map(fields => ({ ...LEAST, ...fields }))
  fc.assert(
    fc.property(sound, given => {
      const { config } = parseAgentConfig(JSON.parse(JSON.stringify(given)))
      assert.ok(config !== null)
      const text = JSON.stringify(renderAgentConfig(config))
      assert.deepEqual(parseAgentText(text).config, config)
    }),
  )
})

function linesOf(faults: ParsedConfig['faults']): string[] {
  return faults.map(({ field, reason }) => `${field}: ${reason}`)
}
