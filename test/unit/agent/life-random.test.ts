import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Life, newLife } from '../../../lib/agent/life.ts'
import { step } from '../../../lib/agent/life-step.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'
import { agent, told } from './life-scenario.ts'
import { type Manner, type Seen, World } from './life-world.ts'

const RUNS = { numRuns: 1500 }

const configs: fc.Arbitrary<AgentConfig> = fc
  .record({
    type: fc.constantFrom('simple', 'fork'),
    single: fc.boolean(),
    startsecs: fc.constantFrom(0, 1, 10, 60),
    stopsecs: fc.constantFrom(0, 1, 5, 60),
    stopasgroup: fc.boolean(),
    stopsignal: fc.constantFrom('SIGTERM', 'SIGINT', 'SIGKILL'),
    restartsecs: fc.constantFrom(0, 1, 20, 400),
    retries: fc.constantFrom(-1, 0, 1, 3),
    autorestart: fc.constantFrom('yes', 'no', 'unexpect'),
  })
  .map(set => Object.freeze(agent(set)))

const manners: fc.Arbitrary<Manner> = fc.record({
  lag: fc.constantFrom(0, 0, 0.5, 30, Infinity),
  workers: fc.constantFrom(0, 0, 1, 2),
  launch: fc.constantFrom('works', 'works', 'works', 'fails', 'late'),
  writesPid: fc.constantFrom(true, true, false),
})

type Deed = (world: World) => void

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: say('start', world => world.tell(told.start)) },
  { weight: 2, arbitrary: say('stop', world => world.tell(told.stop)) },
  { weight: 1, arbitrary: say('restart', world => world.tell(told.restart)) },
  { weight: 1, arbitrary: say('overflow', world => world.tell(told.overflow)) },
  { weight: 1, arbitrary: say('unhealthy', world => world.tell(told.unhealthy)) },
  { weight: 1, arbitrary: say('answer', world => world.answerLate()) },
  { weight: 1, arbitrary: say('replace', world => world.replace()) },
  { weight: 1, arbitrary: say('no pid file', world => world.forgetPidFile()) },
  { weight: 1, arbitrary: say('hold', hold(true)) },
  { weight: 1, arbitrary: say('release', hold(false)) },
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 9).chain(code => say(`end ${code}`, world => end(world, code))) },
  { weight: 2, arbitrary: say('command ends', endCommand) },
  { weight: 2, arbitrary: manners.chain(manner => say('manner', behave(manner), manner)) },
  {
    weight: 5,
    arbitrary: fc.constantFrom(0.1, 1, 7, 61, 200, 901).chain(by => say(`${by} s`, world => world.advance(by))),
  },
  { weight: 1, arbitrary: fc.constantFrom(-1e6, -100, -3, 4, 1000, 1e6).chain(by => say(`clock ${by}`, jump(by))) },
)

/** A deed with a name, for the report of a counterexample. */
function say(name: string, deed: Deed, detail: object = {}): fc.Arbitrary<Deed> {
  return fc.constant(
    Object.assign((world: World) => deed(world), { toString: () => `${name} ${JSON.stringify(detail)}` }),
  )
}

function end(world: World, code: number): void {
  const [main] = world.alive('main')
  if (main !== undefined) world.die(main, code, null)
}

function endCommand(world: World): void {
  const [command] = world.alive('command')
  if (command !== undefined) world.die(command, 0, null)
}

function hold(held: boolean): Deed {
  return world => world.hold(held)
}

function behave(manner: Manner): Deed {
  return world => {
    world.manner = manner
  }
}

function jump(by: number): Deed {
  return world => {
    world.offset += by
    jumps.set(world, (jumps.get(world) ?? 0) + 1)
  }
}

const jumps = new WeakMap<World, number>()

function play(config: AgentConfig, list: readonly Deed[], look: (seen: Seen, world: World) => void): World {
  const world = new World(config, look)
  for (const deed of list) deed(world)
  return world
}

/** A property of every step of every story. */
function always(title: string, watch: () => (seen: Seen, world: World) => void): void {
  test(title, () => {
    fc.assert(
      fc.property(
        configs,
        fc.array(deeds, { maxLength: 60, size: 'max' }),
        (config, list) => void play(config, list, watch()),
      ),
      RUNS,
    )
  })
}

const launches = ({ actions }: Seen) => actions.some(({ type }) => type === 'launch')
const isAsked = ({ event }: Seen) => event.type === 'start' || event.type === 'restart'
const atRest = ({ state }: Life) => ['stoped', 'fatal', 'backoff', 'killed'].includes(state)

always('B21: a single agent never has two processes', () => (seen, world) => {
  if (!world.config.single) return
  assert.ok(world.alive('main').length <= 1)
  if (launches(seen) && world.config.type === 'simple') assert.deepEqual(world.alive('main'), [])
  assert.ok(!seen.actions.some(({ type }) => type === 'abandon'))
})

always('B21: a worker left behind is never taken for the agent', () => ({ event }, world) => {
  if (event.type !== 'adopted' || world.config.type === 'fork' || !world.config.stopasgroup) return
  const taken = world.mortals.find(({ id }) => id === event.process)
  assert.ok(taken?.role === 'main' || taken?.doomed)
})

always('B30: from fatal and from stoped only a person or a task starts it', () => {
  let locked = true
  return seen => {
    if (isAsked(seen)) locked = false
    else if (launches(seen)) assert.ok(!locked)
    if (['fatal', 'stoped'].includes(seen.life.state)) locked = true
  }
})

always('B30: only a good run, or being asked, clears the count; one end counts 1 at most', () => (seen, { config }) => {
  const { before, life, now } = seen
  assert.ok(life.failures <= before.failures + 1)
  if (config.retries >= 0) assert.ok(life.failures <= Math.max(1, config.retries))
  if (life.failures >= before.failures || isAsked(seen)) return
  assert.ok(before.started !== null && now - before.started >= 900)
})

always('B22: SIGKILL comes stopsecs after the stop at the latest', () => {
  let since = Infinity
  let set = 0
  return ({ before, life }, world) => {
    if (life.state === 'stopping' && before.state !== 'stopping') {
      since = world.mono
      set = jumps.get(world) ?? 0
    }
    const turns = (jumps.get(world) ?? 0) - set + 1
    if (life.state === 'stopping' && life.kills === 0)
      assert.ok(world.mono <= since + turns * Math.max(1, world.config.stopsecs) + 1e-3)
  }
})

always(
  'B32: a state that ends by itself has its time, never further away than its length',
  () =>
    ({ life, now }, { config }) => {
      const { state, until, process, started } = life
      const lost = state === 'running' && process === null
      const isWaiting =
        (state === 'starting' && started !== null) || state === 'stopping' || state === 'backoff' || lost
      if (isWaiting) assert.notEqual(until, null, state)
      if (state === 'killed') assert.equal(until === null, config.autorestart === 'no')
      if (['stoped', 'fatal'].includes(state) || (state === 'running' && !lost)) assert.equal(until, null, state)
      if (until !== null) assert.ok(until - now <= Math.max(300, config.restartsecs))
      assert.equal(life.next !== null, state === 'stopping')
      if (atRest(life)) assert.equal(process, null)
    },
)

always('B58: restarts counts each launch after a run', () => seen => {
  const { before, life } = seen
  const isFirst = isAsked(seen) && (atRest(before) || before.started === null)
  assert.equal(life.restarts - before.restarts, launches(seen) && !isFirst ? 1 : 0)
})

always('B22: only what is there is signalled; what is done fits the state', () => ({ before, life, actions }) => {
  for (const action of actions) {
    if (action.type === 'signal') assert.ok(life.process !== null || life.launching)
    if (action.type === 'launch') assert.ok(life.state === 'starting' && life.started === null)
    if (action.type === 'abandon') assert.ok(before.state === 'stopping' && before.process !== null)
  }
  assert.ok(actions.filter(({ type }) => type === 'launch').length <= 1)
})

/** Well again: nothing is held, processes obey, and what is late answers. */
function heal(world: World): void {
  world.hold(false)
  world.manner = { lag: 0, workers: 0, launch: 'works', writesPid: true }
  world.answerLate()
  endCommand(world)
}

test('B22: at the end of every stop nothing is left, whatever happened before', () => {
  fc.assert(
    fc.property(configs, fc.array(deeds, { maxLength: 60, size: 'max' }), (config, list) => {
      const world = play(config, list, () => {})
      world.tell(told.stop)
      world.hold(false)
      world.advance(2 * config.stopsecs + 10)
      endCommand(world)
      world.advance(2 * config.stopsecs + 10)
      assert.equal(world.life.state, 'stoped')
      if (!world.hidden) assert.deepEqual(world.alive('main'), [])
      if (!world.hidden && config.stopasgroup) assert.deepEqual(world.alive('worker'), [])
    }),
    RUNS,
  )
})

test('B20: whatever happened before, a start leads to running once all is well', () => {
  fc.assert(
    fc.property(configs, fc.array(deeds, { maxLength: 60, size: 'max' }), (config, list) => {
      const world = play(config, list, () => {})
      heal(world)
      for (let turn = 0; turn < 4; turn++) {
        world.tell(told.start)
        world.advance(130)
        endCommand(world)
        world.advance(130)
      }
      assert.equal(world.life.state, 'running')
      assert.equal(world.mortals.find(({ id }) => id === world.life.process)?.alive, true)
    }),
    RUNS,
  )
})

test('the same story leads to the same life', () => {
  fc.assert(
    fc.property(configs, fc.array(deeds, { maxLength: 60, size: 'max' }), (config, list) => {
      const first: Seen[] = []
      const second: Seen[] = []
      play(config, list, seen => void first.push(seen))
      play(config, list, seen => void second.push(seen))
      assert.deepEqual(first, second)
    }),
    { numRuns: 300 },
  )
})

test('no event in no state makes it throw, or lose its count', () => {
  const events = fc.constantFrom(
    ...[told.start, told.stop, told.restart, told.timer, told.empty, told.forked, told.noPid, told.gone],
    ...[told.overflow, told.unhealthy, told.failed, told.up(1), told.adopted(2, 5), told.pid(3, 9e9)],
    ...[told.exit(0), told.exit(1, true), told.died('SIGSEGV', true)],
  )
  const times = fc.double({ min: -1e9, max: 1e10, noNaN: true })
  fc.assert(
    fc.property(configs, fc.array(fc.tuple(events, times), { maxLength: 80 }), (config, list) => {
      let life = Object.freeze(newLife(0))
      for (const [event, now] of list) {
        life = Object.freeze(step(config, life, event, now).life)
        assert.ok(Number.isFinite(life.since) && Number.isInteger(life.failures) && life.failures >= 0)
        assert.ok(life.until === null || Number.isFinite(life.until))
        assert.ok(life.since <= now && (life.started === null || life.started <= now))
      }
    }),
    RUNS,
  )
})
