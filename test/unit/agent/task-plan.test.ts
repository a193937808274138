import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Deed } from '../../../lib/agent/task-deeds.ts'
import { beginPlan } from '../../../lib/agent/task-plan.ts'
import { type ErrName, errcodeOf } from '../../../lib/model/errcodes.ts'
import type { InstallTask, UninstallTask } from '../../../lib/model/task.ts'
import { carryOut, type End, Host, type Manner, textOf, uninstall, upgrade } from './task-host.ts'

const old: Manner = { pkg: '1.0', config: textOf('1.0'), runs: true, works: ['1.0', '1.1'], fork: false }
const none: Manner = { pkg: null, config: null, runs: false, works: ['1.1'], fork: false }
const whole = { exec: '/opt/web', autostart: true }

interface Story {
  readonly host: Manner
  readonly task: InstallTask | UninstallTask
  /** These deeds always fail. */
  readonly fails?: readonly Deed['deed'][]
  readonly end: ErrName
  readonly says: RegExp
  /** The package and the process at the end. */
  readonly left: readonly [string | null, string | null]
  readonly deeds: string
}

const UP = 'look download look journal stop install write-config reload-agent start watch'

const stories: Readonly<Record<string, Story>> = {
  'B35: an upgrade': {
    host: old,
    task: upgrade(),
    end: 'OK',
    says: /^1\.1 is installed, and runs$/,
    left: ['1.1', '1.1'],
    deeds: `${UP} journal journal`,
  },
  'B34: a first install': {
    host: none,
    task: upgrade({ action: 'install', parameter: whole }),
    end: 'OK',
    says: /and runs$/,
    left: ['1.1', '1.1'],
    deeds: `${UP} journal journal`,
  },
  'B34: without autostart it is not started': {
    host: none,
    task: upgrade({ parameter: { exec: '/opt/web' } }),
    end: 'OK',
    says: /^1\.1 is installed$/,
    left: ['1.1', null],
    deeds: 'look download look journal stop install write-config reload-agent journal journal',
  },
  'B34: the same version is installed and runs': {
    host: { ...old, pkg: '1.1', config: textOf('1.1') },
    task: upgrade(),
    end: 'OK',
    says: /installed already/,
    left: ['1.1', '1.1'],
    deeds: 'look',
  },
  'B34: installed, but it does not run': {
    host: { ...old, pkg: '1.1', config: textOf('1.1', { autostart: true }), runs: false },
    task: upgrade(),
    end: 'OK',
    says: /and runs/,
    left: ['1.1', '1.1'],
    deeds: `${UP} journal journal`,
  },
  'B49: nothing unverified is installed': {
    host: old,
    task: upgrade({ checksum: null }),
    end: 'NO_CHECKSUM',
    says: /no 'checksum'/,
    left: ['1.0', '1.0'],
    deeds: 'look',
  },
  'B49: from the repositories of the host nothing is downloaded': {
    host: old,
    task: upgrade({ url: 'yum:web-1.1', checksum: null }),
    end: 'OK',
    says: /and runs/,
    left: ['1.1', '1.1'],
    deeds: `${UP.replace('look download ', '')} journal journal`,
  },
  'B34: a configuration of something else': {
    host: old,
    task: upgrade({ parameter: { ...whole, name: 'api' } }),
    end: 'CONFIG_DIFFERS',
    says: /'name' in the configuration is not that of the task, 'web'/,
    left: ['1.0', '1.0'],
    deeds: 'look',
  },
  'B35: the download fails: the old one has run all the time': {
    host: old,
    task: upgrade(),
    fails: ['download'],
    end: 'UNREACHABLE',
    says: /^download failed$/,
    left: ['1.0', '1.0'],
    deeds: 'look download',
  },
  'B35: nothing is begun that could not be taken back': {
    host: old,
    task: upgrade(),
    fails: ['journal'],
    end: 'JOURNAL',
    says: /^journal failed$/,
    left: ['1.0', '1.0'],
    deeds: 'look download look journal journal',
  },
  'B35: the new version does not stay up': {
    host: { ...old, works: ['1.0'] },
    task: upgrade(),
    end: 'WENT_BACK',
    says: /^1\.1 did not stay up: exit 1; 1\.0 is back$/,
    left: ['1.0', '1.0'],
    deeds: `${UP} look stop back write-config reload-agent start watch journal`,
  },
  'B35: a first install does not stay up': {
    host: { ...none, works: [] },
    task: upgrade({ parameter: whole }),
    end: 'NOT_UP',
    says: /^1\.1 did not stay up: exit 1; nothing of it is left$/,
    left: [null, null],
    deeds: `${UP} look stop remove-pkg remove-config reload-agent journal`,
  },
  'B35: the package cannot be installed': {
    host: old,
    task: upgrade(),
    fails: ['install'],
    end: 'UNREACHABLE',
    says: /^install failed; 1\.0 is back$/,
    left: ['1.0', '1.0'],
    deeds: 'look download look journal stop install look start watch journal',
  },
  'B35: the configuration cannot be written': {
    host: old,
    task: upgrade(),
    fails: ['write-config'],
    end: 'UNREACHABLE',
    says: /^write-config failed; 1\.0 is back$/,
    left: ['1.0', '1.0'],
    deeds: `look download look journal stop install write-config look back reload-agent start watch journal`,
  },
  'B35: the old one cannot be stopped': {
    host: old,
    task: upgrade(),
    fails: ['stop'],
    end: 'UNREACHABLE',
    says: /^stop failed; 1\.0 is back$/,
    left: ['1.0', '1.0'],
    deeds: 'look download look journal stop look start watch journal',
  },
  'B35: going back fails: the new one runs, for one has to': {
    host: old,
    task: upgrade(),
    fails: ['reload-agent', 'back'],
    end: 'NOT_BACK',
    says: /^reload-agent failed; 1\.0 could not be brought back: back failed$/,
    left: ['1.1', null],
    deeds: `look download look journal stop install write-config reload-agent look back look reload-agent start watch journal`,
  },
  'B35: one that did not run is not started when it goes back': {
    host: { ...old, config: textOf('1.0', { autostart: true }), runs: false, works: ['1.0'] },
    task: upgrade(),
    end: 'WENT_BACK',
    says: /1\.0 is back$/,
    left: ['1.0', null],
    deeds: `${UP} look stop back write-config reload-agent journal`,
  },
  'B36: uninstall': {
    host: old,
    task: uninstall(),
    end: 'OK',
    says: /^it is removed$/,
    left: [null, null],
    deeds: 'look journal stop remove-pkg remove-config reload-agent journal',
  },
  'B36: not installed is success': {
    host: none,
    task: uninstall(),
    end: 'OK',
    says: /^it is not installed$/,
    left: [null, null],
    deeds: 'look',
  },
  'B36: another version is': {
    host: old,
    task: uninstall({ version: '0.9' }),
    end: 'OTHER_VERSION',
    says: /^version 1\.0 is installed, not 0\.9$/,
    left: ['1.0', '1.0'],
    deeds: 'look',
  },
  'B36: the package cannot be removed: it runs again': {
    host: old,
    task: uninstall(),
    fails: ['remove-pkg'],
    end: 'UNREACHABLE',
    says: /^remove-pkg failed$/,
    left: ['1.0', '1.0'],
    deeds: 'look journal stop remove-pkg start journal',
  },
  'B36: force removes what is left, and tells what failed': {
    host: old,
    task: uninstall({ version: '0.9', force: true }),
    fails: ['stop', 'remove-pkg'],
    end: 'UNREACHABLE',
    says: /^stop failed$/,
    left: ['1.0', null],
    deeds: 'look journal stop remove-pkg remove-config reload-agent journal',
  },
}

for (const [title, { host: manner, task, fails = [], end, says, left, deeds }] of Object.entries(stories)) {
  test(title, () => {
    const host = new Host(manner)
    const ended: End | null = carryOut(host, beginPlan(task, false), ({ deed }) => {
      if (!fails.includes(deed)) return null
      return { answer: { type: 'failed', errcode: errcodeOf('UNREACHABLE'), message: `${deed} failed` }, after: false }
    })
    assert.ok(ended !== null)
    assert.match(ended.message, says)
    assert.equal(host.deeds.join(' '), `${deeds} finish`)
    assert.deepEqual([ended.errcode, host.pkg, host.process], [errcodeOf(end), ...left])
  })
}

test('B49: unless the host says otherwise', () => {
  const host = new Host(old)
  assert.equal(carryOut(host, beginPlan(upgrade({ checksum: null }), true), () => null)?.errcode, 0)
  assert.equal(host.process, '1.1')
})

test('B35: what was changed during a long download is not lost', () => {
  const host = new Host(old)
  carryOut(host, beginPlan(upgrade(), false), ({ deed }) => {
    if (deed === 'download') host.config = textOf('1.0', { retries: 7 })
    return null
  })
  assert.match(host.config ?? '', /"version": "1\.1"[\s\S]*"retries": 7/)
})
