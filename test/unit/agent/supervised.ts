import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { EventStore } from '../../../lib/agent/event-store.ts'
import { LeftoverJournal } from '../../../lib/agent/leftovers.ts'
import type { ProcessId } from '../../../lib/agent/life.ts'
import { Supervisor } from '../../../lib/agent/supervisor.ts'
import type { Surroundings } from '../../../lib/agent/surroundings.ts'
import type { Unit } from '../../../lib/agent/unit.ts'
import type { AgentConfig } from '../../../lib/model/agent-config.ts'
import type { Event } from '../../../lib/model/event.ts'
import { steadyNow } from '../../../lib/sys/clock.ts'
import { agentConfig, endGroup, scratch, until } from './agents.ts'

/** A supervisor of real processes, with no cgroups, and a clock that can be set forward. */
export interface Supervised {
  readonly supervisor: Supervisor
  readonly world: Surroundings
  readonly dir: string
  /** A copy of sleep(1) that no other test can take over. */
  readonly sleep: string
  /** What was logged, `LEVEL: text`. */
  readonly logged: string[]
  /** Sets the clock forward, in seconds. */
  pass(seconds: number): void
  add(fields?: Partial<AgentConfig> & { readonly argv?: readonly [string, ...string[]] }): Unit
  events(): readonly Event[]
  /** Starts an agent and waits for its process. */
  started(unit: Unit): Promise<ProcessId>
}

/** Everything it starts is ended after the test. */
export function supervise(t: TestContext, doubles: Partial<Surroundings> = {}): Supervised {
  const dir = scratch(t)
  const sleep = join(dir, 'sleep')
  cpSync('/bin/sleep', sleep)
  const logged: string[] = []
  const pids = new Set<number>()
  let ahead = 0
  const world: Surroundings = {
    now: () => steadyNow() + ahead,
    log: { level: 'info', log: (level, text) => logged.push(`${level}: ${text}`), reopen() {}, close() {} },
    events: new EventStore(),
    groups: noGroups(),
    leftovers: new LeftoverJournal(join(dir, 'journal')),
    forks: null,
    logDir: dir,
    bootsock: '',
    unprivileged: process.geteuid?.() !== 0,
    taken: new Set(),
    spare: null,
    ...doubles,
  }
  const supervisor = new Supervisor(world, ({ life }) => life.process !== null && pids.add(life.process.pid))
  t.after(() => {
    for (const unit of supervisor.units.values()) supervisor.tell(unit, { type: 'stop' })
    supervisor.abandoned.close()
    for (const pid of pids) endGroup(pid)
    world.events.close()
  })
  return {
    supervisor,
    world,
    dir,
    sleep,
    logged,
    pass: seconds => {
      ahead += seconds
    },
    add: (fields = {}) => supervisor.add(agentConfig(fields.argv ?? [sleep, '3600'], fields), null),
    events: () => world.events.after(0, 1000).events,
    async started(unit) {
      supervisor.tell(unit, { type: 'start' })
      await until('it has a process', () => unit.life.process !== null)
      return unit.life.process ?? { pid: 0, startTime: 0 }
    },
  }
}

/** A host without cgroups. */
function noGroups(): Surroundings['groups'] {
  return {
    version: null,
    procsOf: () => [],
    make() {},
    remove() {},
    prune() {},
    joinSelf() {},
    oomKills: () => 0,
    close() {},
  }
}
