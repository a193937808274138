import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Controller } from '../../../lib/agent/cgroup-detect.ts'
import { CGROUP_FILES, type CgroupFiles } from '../../../lib/agent/cgroup-files.ts'
import { fillCpuset, limitV1, oomKillsV1 } from '../../../lib/agent/cgroup-v1.ts'

const both: readonly Controller[] = ['cpu', 'memory']
const rows = [
  [
    'memory and swap: lifted first, then the lower one, then the same',
    both,
    { cpu: 50, mem: 8 },
    true,
    [
      'cpu.shares=512',
      'memory.memsw.limit_in_bytes=-1',
      'memory.limit_in_bytes=8192',
      'memory.memsw.limit_in_bytes=8192',
    ],
  ],
  ['swap is not counted', both, { cpu: null, mem: 8 }, false, ['cpu.shares=1024', 'memory.limit_in_bytes=8192']],
  ['no limit', ['memory'], { cpu: 7, mem: null }, false, ['memory.limit_in_bytes=-1']],
  ['only the CPU', ['cpu'], { cpu: 200, mem: 8 }, true, ['cpu.shares=2048']],
] as const

for (const [title, controllers, cgroup, swap, expected] of rows) {
  test(`B24: what is written on version 1: ${title}`, () => {
    const written: string[] = []
    const files: CgroupFiles = {
      ...CGROUP_FILES,
      read: () => (swap ? '0' : null),
      write: (path, text) => written.push(`${path.slice('/g/'.length)}=${text}`),
    }
    limitV1(files, '/g', controllers, cgroup)
    assert.deepEqual(written, expected)
  })
}

test('B56: a group that shares its tree with cpuset gets the CPUs and the memory nodes of its parent, once', () => {
  const parent = mkdtempSync(join(tmpdir(), 'cpuset-'))
  const group = join(parent, 'devops')
  mkdirSync(group)
  const put = (dir: string, cpus: string, mems: string) => {
    writeFileSync(join(dir, 'cpuset.cpus'), cpus)
    writeFileSync(join(dir, 'cpuset.mems'), mems)
  }
  const now = () => ['cpuset.cpus', 'cpuset.mems'].map(name => readFileSync(join(group, name), 'utf8').trim())
  put(parent, '0-7\n', '0\n')
  put(group, '\n', '\n')
  fillCpuset(CGROUP_FILES, group)
  assert.deepEqual(now(), ['0-7', '0'])
  put(parent, '0-3\n', '1\n')
  fillCpuset(CGROUP_FILES, group)
  assert.deepEqual(now(), ['0-7', '0'])
})

for (const [content, kills] of [
  ['oom_kill_disable 0\nunder_oom 0\noom_kill 12\n', 12],
  ['oom_kill_disable 1\nunder_oom 0\n', 0],
  ['', 0],
] as const) {
  test(`B56: OOM kills of version 1 in '${content.trim().replaceAll('\n', ', ')}'`, () => {
    assert.equal(oomKillsV1({ ...CGROUP_FILES, read: () => content }, '/g'), kills)
  })
}
