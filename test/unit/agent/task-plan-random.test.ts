import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { versionIn } from '../../../lib/agent/task-config.ts'
import type { Answer, Deed, Found, JournalEntry } from '../../../lib/agent/task-deeds.ts'
import { beginPlan } from '../../../lib/agent/task-plan.ts'
import { recover } from '../../../lib/agent/task-recover.ts'
import { errcodeOf } from '../../../lib/model/errcodes.ts'
import { carryOut, type Fault, Host, type Manner, textOf, uninstall, upgrade } from './task-host.ts'

const RUNS = { numRuns: 3000 }
const CHANGING = ['journal', 'stop', 'install', 'write-config', 'reload-agent', 'start', 'watch'] as const

/** Hosts that have version 1.0, 1.1 or none, and where the one that runs works. */
const manners: fc.Arbitrary<Manner> = fc
  .record({
    pkg: fc.constantFrom('1.0', '1.0', '1.1', null),
    autostart: fc.boolean(),
    runs: fc.boolean(),
    newWorks: fc.boolean(),
    fork: fc.boolean(),
  })
  .map(({ pkg, autostart, runs, newWorks, fork }) => ({
    ...{ pkg, fork, runs: runs && pkg !== null },
    config: pkg === null ? null : textOf(pkg, { autostart }),
    works: ['1.0', ...(newWorks || (runs && pkg === '1.1') ? ['1.1'] : [])],
  }))

const configs = fc.constantFrom(null, { exec: '/opt/web', autostart: true }, { exec: '/opt/web' }, { envs: { A: '1' } })

const failed: Answer = { type: 'failed', errcode: errcodeOf('INTERNAL'), message: 'no' }
const faults: fc.Arbitrary<Fault> = fc.boolean().map(after => ({ answer: failed, after }))

/** The package, the configuration and the process are all of one version, the old or the new. */
function assertOne(host: Host, ran: boolean): void {
  const { pkg, config } = host
  assert.equal(host.half, false, 'half a package')
  assert.equal(pkg, config === null ? null : versionIn(config), 'package and configuration')
  if (host.process !== null) assert.equal(host.process, pkg, 'package and process')
  if (ran) assert.ok(host.process !== null, 'neither runs')
  assert.equal(host.journal, null)
}

test('B35: whatever fails once, the host has the old or the new version, and it runs if one ran', () => {
  const once = fc.tuple(fc.constantFrom(...CHANGING), faults)
  fc.assert(
    fc.property(manners, configs, fc.option(once), (manner, parameter, fault) => {
      const host = new Host(manner)
      const given = fault === null ? [] : [fault]
      const end = carryOut(host, beginPlan(upgrade({ parameter }), false), ({ deed }) => {
        const found = given.findIndex(([name]) => name === deed)
        return found < 0 ? null : (given.splice(found, 1)[0]?.[1] ?? null)
      })
      assert.ok(end !== null && end.errcode >= 0)
      assert.ok(end.message.length > 0)
      if (host.deeds.at(-2) === 'journal') assertOne(host, manner.runs)
      if (end.errcode === 0) assert.equal(host.pkg, '1.1')
      else assert.deepEqual([host.pkg, host.process], [manner.pkg, manner.runs ? manner.pkg : null])
      if (end.errcode !== 0) assert.equal(host.config, manner.config)
    }),
    RUNS,
  )
})

test('B35: whatever fails, and however often, it ends, and no package is replaced under a process', () => {
  fc.assert(
    fc.property(
      manners,
      configs,
      fc.infiniteStream(fc.option(faults)),
      fc.boolean(),
      (manner, parameter, list, isAway) => {
        const host = new Host(manner)
        const task = isAway ? uninstall({ force: manner.fork }) : upgrade({ parameter })
        const end = carryOut(host, beginPlan(task, false), () => list.next().value)
        assert.ok(end !== null && end.errcode >= 0)
        assert.ok([null, '1.0', '1.1'].includes(host.pkg))
      },
    ),
    RUNS,
  )
})

test('B35: if the old one cannot be brought back, the new one runs where it can', () => {
  fc.assert(
    fc.property(fc.constantFrom('write-config', 'reload-agent', 'start', 'watch'), fc.boolean(), (name, after) => {
      const host = new Host({ pkg: '1.0', config: textOf('1.0'), runs: true, works: ['1.0', '1.1'], fork: false })
      const left: string[] = [name]
      const end = carryOut(host, beginPlan(upgrade(), false), ({ deed }) => {
        if (deed === 'back') return { answer: failed, after: false }
        if (deed !== left[0]) return null
        left.pop()
        return { answer: failed, after }
      })
      assert.equal(end?.errcode, errcodeOf('NOT_BACK'))
      assertOne(host, true)
      assert.equal(host.process, '1.1')
    }),
    { numRuns: 40 },
  )
})

type Death = 'dies before' | 'dies within' | 'dies after'
const deaths = fc.constantFrom<Death[]>('dies before', 'dies within', 'dies after')

/** Kills agent-spawn at this step of each of its lives in turn, and takes up what was begun. */
function interrupted(host: Host, list: readonly (readonly [number, Death])[], task: ReturnType<typeof upgrade>) {
  const kills = list.map(
    ([at, death]) =>
      (_: Deed, step: number): Fault | null =>
        step === at ? death : null,
  )
  const first = kills.shift() ?? (() => null)
  let end = carryOut(host, beginPlan(task, false), first)
  while (end === null) {
    host.restart()
    if (host.journal === null) return null
    end = carryOut(host, recover(host.journal, host.look()), kills.shift() ?? (() => null))
  }
  return end
}

test('B35, B43: agent-spawn is killed at any step, again and again: the old or the new version runs, and it is told', () => {
  fc.assert(
    fc.property(
      manners,
      configs,
      fc.array(fc.tuple(fc.nat(14), deaths), { minLength: 1, maxLength: 4 }),
      (manner, parameter, list) => {
        const host = new Host(manner)
        const end = interrupted(host, list, upgrade({ parameter }))
        const comesBack = manner.fork || /"autostart": ?true/.test(host.config ?? '')
        assertOne(host, manner.runs && (end !== null || comesBack))
        if (end === null) return
        if (end.errcode === 0) assert.equal(host.pkg, '1.1')
        else assert.equal(host.config, manner.config)
      },
    ),
    RUNS,
  )
})

test('B36, B43: an uninstall that was killed at any step goes on to its end', () => {
  fc.assert(
    fc.property(manners, fc.nat(7), deaths, (manner, at, death) => {
      const host = new Host(manner)
      const version = manner.pkg ?? '1.0'
      const end = carryOut(host, beginPlan(uninstall({ version }), false), (_, step) => (step === at ? death : null))
      if (end === null) host.restart()
      if (host.journal === null) return
      assert.equal(carryOut(host, recover(host.journal, host.look()), () => null)?.errcode, 0)
      assert.deepEqual([host.pkg, host.config, host.process, host.journal], [null, null, null, null])
    }),
    { numRuns: 500 },
  )
})

const entry: JournalEntry = {
  ...{ id: 'u1', name: 'web', from: '1.0', to: '1.1', config: textOf('1.0'), next: textOf('1.1') },
  ...{ foreign: false, ran: true, force: false, phase: 'begun' },
}
const at = (version: string | null, config: string | null = version && textOf(version)): Found => ({
  ...{ version, half: false, how: 'tar', config, state: 'running' },
})

/** title, entry, what is found, the deeds, the errcode */
const recoveries: readonly [string, JournalEntry, Found | null, string, string][] = [
  ['nothing was changed yet', entry, at('1.0'), 'stop reload-agent start watch journal', 'INTERRUPTED'],
  [
    'the package was replaced',
    entry,
    at('1.1', textOf('1.0')),
    'stop back reload-agent start watch journal',
    'INTERRUPTED',
  ],
  [
    'an archive beside a program that others have installed',
    { ...entry, foreign: true },
    at('1.1', textOf('1.0')),
    'stop remove-pkg reload-agent start watch journal',
    'INTERRUPTED',
  ],
  ['all was', entry, at('1.1'), 'stop back write-config reload-agent start watch journal', 'INTERRUPTED'],
  [
    'half a package is there',
    entry,
    { ...at('1.0'), half: true },
    'stop back reload-agent start watch journal',
    'INTERRUPTED',
  ],
  ['it cannot be told', entry, null, 'stop back write-config reload-agent start watch journal', 'INTERRUPTED'],
  ['it had stayed up', { ...entry, phase: 'watched' }, at('1.1'), 'reload-agent start watch journal', 'OK'],
  [
    'a first install',
    { ...entry, from: null, config: null, ran: false },
    at('1.1'),
    'stop remove-pkg remove-config reload-agent journal',
    'INTERRUPTED',
  ],
  ['it did not run', { ...entry, ran: false }, at('1.1'), 'stop back write-config reload-agent journal', 'INTERRUPTED'],
  [
    'of the same version',
    { ...entry, from: '1.1' },
    at('1.1'),
    'stop write-config reload-agent start watch journal',
    'INTERRUPTED',
  ],
  [
    'of the same version, and it cannot be told',
    { ...entry, from: '1.1' },
    null,
    'stop write-config reload-agent start watch journal',
    'INTERRUPTED',
  ],
  [
    'an uninstall',
    { ...entry, to: null, next: null },
    at(null),
    'stop remove-pkg remove-config reload-agent journal',
    'OK',
  ],
]
for (const [title, journal, found, deeds, name] of recoveries) {
  test(`B43: taken up after a kill: ${title}`, () => {
    const beside = journal.foreign ? { beside: '1.0' } : {}
    const works = ['1.0', '1.1']
    const host = new Host({ pkg: '1.0', config: textOf('1.0'), runs: false, works, fork: false, ...beside })
    host.previous = '1.0'
    const end = carryOut(host, recover(journal, found), () => null)
    assert.deepEqual([host.deeds.join(' '), end?.errcode], [`${deeds} finish`, errcodeOf(name as 'OK')])
  })
}
