import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HealthResult, type HealthStep, healthStep, newHealth, nextLook } from '../../../lib/agent/health.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'

const CHECK = { interval: 20, path: '/run/a.sock', match: { kind: 'string', text: 'ok' } } as const
const HEARTBEAT = { interval: 60, match: null } as const
const NONE: Pick<AgentConfig, 'check' | 'heartbeat' | 'checks' | 'checkall'> = {
  check: null,
  heartbeat: null,
  checks: 3,
  checkall: false,
}

const config = (parts: Partial<typeof NONE>): AgentConfig => ({
  name: 'a',
  version: '1',
  exec: '/bin/a',
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
  checksecs: 20,
  ...NONE,
  ...parts,
})

/** Goes through results, each with its time; what was said at each of them. */
function live(
  agent: AgentConfig,
  results: readonly (readonly [number, HealthResult | 'time'])[],
  from = 0,
): HealthStep[] {
  let health = newHealth(from)
  return results.map(([now, result]) => {
    const step = healthStep(agent, health, result === 'time' ? { type: 'time' } : result, now)
    health = step.health
    return step
  })
}

const bad = { type: 'check', fault: 'connection refused' } as const
const good = { type: 'check', fault: null } as const
const beat = (message = 'ok') => ({ type: 'heartbeat', message }) as const
const abnormals = (steps: readonly HealthStep[]) => steps.map(({ abnormal }) => abnormal)

test('B26: an agent is asked after each interval from its start', () => {
  const agent = config({ check: CHECK })
  const steps = live(
    agent,
    [
      [100 + 19.9, 'time'],
      [100 + 20, 'time'],
      [100 + 21, 'time'],
      [100 + 40, 'time'],
    ],
    100,
  )
  assert.deepEqual(
    steps.map(({ ask }) => ask),
    [false, true, false, true],
  )
  assert.equal(nextLook(agent, newHealth(100)), 120)
  assert.equal(nextLook(config({}), newHealth(100)), Number.POSITIVE_INFINITY)
  assert.equal(nextLook(config({ check: CHECK, heartbeat: { interval: 7, match: null } }), newHealth(100)), 107)
})

test('B28: so many failures in a row are abnormal, and then the count begins anew; a good one clears it', () => {
  const message = 'check failed 3 times in a row: connection refused'
  const steps = live(
    config({ check: CHECK }),
    [bad, bad, good, bad, bad, bad, bad, bad, bad].map((r, i) => [i, r]),
  )
  assert.deepEqual(abnormals(steps), [null, null, null, null, null, message, null, null, message])
  assert.equal(steps[0]?.failed, 'check failed: connection refused')
  assert.equal(steps[2]?.failed, null)
  assert.deepEqual(abnormals(live(config({ check: CHECK, checks: 1 }), [[1, bad]])), [
    'check failed once: connection refused',
  ])
})

test('B27: each interval without a heartbeat is a failure; one that comes clears them', () => {
  const agent = config({ heartbeat: HEARTBEAT })
  const steps = live(agent, [
    [59, 'time'],
    [60, 'time'],
    [120, 'time'],
    [130, beat()],
    [189, 'time'],
    [190, 'time'],
    [250, 'time'],
    [310, 'time'],
  ])
  const failed = 'heartbeat failed: none within 60 s'
  assert.deepEqual(
    steps.map(step => step.failed),
    [null, failed, failed, null, null, failed, failed, failed],
  )
  assert.deepEqual(abnormals(steps).at(-1), 'heartbeat failed 3 times in a row: none within 60 s')
})

test('B27: a heartbeat whose message does not match is none', () => {
  const agent = config({ heartbeat: { interval: 60, match: { kind: 'regex', text: '^ok$' } }, checks: 2 })
  const steps = live(agent, [
    [30, beat('ok')],
    [60, beat('bad')],
    [90, 'time'],
    [120, beat('worse')],
    [150, 'time'],
  ])
  assert.deepEqual(abnormals(steps), [
    null,
    null,
    null,
    null,
    "heartbeat failed 2 times in a row: message does not match 'regex:^ok$': 'worse'",
  ])
  assert.deepEqual(abnormals(live(config({}), [[1, beat()]])), [null])
})

test('B28: without checkall either is enough', () => {
  const both = config({ check: CHECK, heartbeat: HEARTBEAT, checks: 2 })
  assert.deepEqual(
    abnormals(
      live(both, [
        [20, bad],
        [30, beat()],
        [40, bad],
      ]),
    ),
    [null, null, 'check failed 2 times in a row: connection refused'],
  )
  assert.deepEqual(
    abnormals(
      live(both, [
        [20, good],
        [60, 'time'],
        [80, good],
        [120, 'time'],
      ]),
    ).at(-1),
    'heartbeat failed 2 times in a row: none within 60 s',
  )
})

test('B69: with checkall only when all that is configured has its failures at the same time', () => {
  const both = config({ check: CHECK, heartbeat: HEARTBEAT, checks: 2, checkall: true })
  const checks = [
    [20, bad],
    [40, bad],
    [50, beat()],
    [60, bad],
    [80, bad],
  ] as const
  assert.deepEqual(abnormals(live(both, checks)), [null, null, null, null, null])
  assert.deepEqual(
    abnormals(live(both, [...checks, [110, 'time'], [115, good], [170, 'time'], [180, bad], [200, bad]])),
    [
      ...[null, null, null, null, null, null, null, null, null],
      'check failed 2 times in a row: connection refused; heartbeat failed 2 times in a row: none within 60 s',
    ],
  )
  assert.deepEqual(
    abnormals(
      live({ ...both, heartbeat: null }, [
        [20, bad],
        [40, bad],
      ]),
    ).at(-1),
    'check failed 2 times in a row: connection refused',
  )
  assert.notEqual(
    abnormals(
      live({ ...both, check: null }, [
        [60, 'time'],
        [120, 'time'],
      ]),
    ).at(-1),
    null,
  )
})

test('B28: a start begins anew', () => {
  const agent = config({ check: CHECK })
  assert.deepEqual(
    abnormals(
      live(agent, [
        [1, bad],
        [2, bad],
      ]),
    ),
    [null, null],
  )
  assert.deepEqual(abnormals(live(agent, [[3, bad]], 3)), [null])
})

test('B27: a clock that leaps by a day, or goes back, is nobody’s failure', () => {
  const agent = config({ check: CHECK, heartbeat: HEARTBEAT, checks: 1 })
  const DAY = 86_400
  for (const leap of [DAY, -DAY, 3600, -3600, 1e9, -1e9]) {
    const at = 1e9 + 50 + leap
    const steps = live(
      agent,
      [
        [1e9 + 20, 'time'],
        [at, 'time'],
        [at + 1, 'time'],
        [at + 20, 'time'],
        [at + 30, beat()],
      ],
      1e9,
    )
    assert.deepEqual(abnormals(steps), [null, null, null, null, null], `${leap}`)
    assert.equal(steps[3]?.ask, true, `${leap}: it is asked again within an interval`)
    const { health } = steps[0] ?? assert.fail()
    assert.ok(nextLook(agent, health, at) <= at + 20, `${leap}`)
  }
})
