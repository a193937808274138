import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errcodeOf } from '../../../lib/model/errcodes.ts'
import { parseTask } from '../../../lib/model/task.ts'
import { SNAPSHOT } from './snapshot.ts'
import { exchange, recorded } from './wire-server.ts'

const id = (last: number) => `ddc8a9b9-55bd-4ddd-b53d-47095ee1946${last}`
const agent = { name: 'BasicAgent', version: '1.2.3' }
const first = { name: 'BasicAgent', version: '0.1.0' }
const file = {
  url: 'ftp://server:port/BasicAgent/BasicAgent-0.1.0-0.x86_64.rpm',
  checksum: '4a34b8d7d3009bb9ef9475fbf33e7bbe4a1e8db003aefc578a241c2f51c2c2f2',
}
const envs = { PATH: '/usr/bin;/usr/local/bin' }
const program = (last: number, operation: string) => ({
  id: id(last),
  action: 'program',
  ...first,
  operation,
  force: false,
})

/** Each task of a recorded answer, and what is understood of it. */
const TASKS = {
  'tasks.reply.bin': [
    [
      'B34 B46: install, with its speed and its parameter',
      { id: id(1), action: 'install', ...first, ...file, speed: 100, parameter: { ...first, envs } },
    ],
    [
      'B35 B46: upgrade, at the speed that holds where none is given',
      { id: id(2), action: 'upgrade', ...agent, ...file, speed: 100, parameter: null },
    ],
    ['B36: uninstall, by force', { id: id(3), action: 'uninstall', ...agent, force: true }],
    ['B37: program, restart', { id: id(4), action: 'program', ...agent, operation: 'restart', force: false }],
    [
      'B38: config, of bootagent though it names an agent',
      { id: id(5), action: 'config', servers: '192.168.9.1:1234,', step: 1200 },
    ],
  ],
  'short.reply.bin': [
    [
      'B48: install with envs and limits beside it, in words',
      {
        id: id(6),
        action: 'install',
        ...first,
        ...file,
        speed: 100,
        parameter: { envs, limits: { CPU: 10, MEM: 20_480 } },
      },
    ],
    ['B37 B48: start as such', program(7, 'start')],
    ['B37 B48: stop as such', program(8, 'stop')],
    ['B37 B48: restart as such', program(9, 'restart')],
  ],
  'status.reply.bin': [
    [
      'B33 B48: an install without a version: refused, and that is told',
      {
        refusal: {
          id: id(6),
          errcode: errcodeOf('BAD_TASK'),
          message: "'version' must be 1 to 64 printable characters without blanks, not undefined",
        },
      },
    ],
    ['B38: config of bootagent', { id: id(6), action: 'config', servers: '192.168.9.1:1234,', step: 1200 }],
  ],
} as const

for (const [name, rows] of Object.entries(TASKS)) {
  const given = exchange({ ...SNAPSHOT, registered: true }, [recorded(name)])
  for (const [at, [title, wanted]] of rows.entries()) {
    test(`${title} (${name})`, async () => {
      const { records } = await given
      assert.deepEqual([records[0]?.['type'], records.length], ['reply', rows.length + 1])
      assert.equal(records[at + 1]?.['type'], 'task')
      assert.deepEqual(parseTask(records[at + 1]), wanted)
    })
  }
  test(`B53: the tasks of ${name} come as they are, each field`, async () => {
    const { records } = await given
    const { tasks } = JSON.parse(recorded(name).split('\r\n\r\n')[1] ?? '')
    assert.deepEqual(
      records.slice(1).map(({ type: _, ...task }) => task),
      tasks,
    )
  })
}
