import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openGroups } from '../../../lib/agent/cgroup.ts'
import { findHierarchies, positionOf } from '../../../lib/agent/cgroup-detect.ts'
import { CGROUP_FILES } from '../../../lib/agent/cgroup-files.ts'

const CPU = 'cpu.shares'
const MEMORY = 'memory.limit_in_bytes'

/** A directory with these files (`path` or `path=content`) and links (`link -> target`). */
function treeOf(...entries: readonly string[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cgroup-')))
  for (const entry of entries) {
    const [link = '', target] = entry.split(' -> ')
    const [path = '', content = ''] = entry.split('=')
    if (target !== undefined) symlinkSync(target, join(root, link))
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
  }
  return root
}

const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['nothing', [], []],
  ['version 2', ['cgroup.controllers=cpu io memory'], ['2 . cpu,memory']],
  ['version 2 without what we need', ['cgroup.controllers=io'], []],
  ['version 1, a mount each', [`cpu/${CPU}`, `memory/${MEMORY}`, 'pids/pids.max'], ['1 cpu cpu', '1 memory memory']],
  [
    'version 1, mounted together, with links',
    [`cpu,cpuacct/${CPU}`, 'cpu -> cpu,cpuacct', 'cpuacct -> cpu,cpuacct', `memory/${MEMORY}`],
    ['1 cpu,cpuacct cpu', '1 memory memory'],
  ],
  ['version 1, all in one', [`all/${CPU}`, `all/${MEMORY}`], ['1 all cpu,memory']],
  ['version 1, only the CPU', [`cpu/${CPU}`, 'unified/cgroup.controllers='], ['1 cpu cpu']],
  [
    'hybrid, version 2 without controllers',
    [`cpu/${CPU}`, `memory/${MEMORY}`, 'unified/cgroup.controllers=hugetlb'],
    ['1 cpu cpu', '1 memory memory'],
  ],
  [
    'hybrid, memory in version 2',
    [`cpu/${CPU}`, 'unified/cgroup.controllers=memory'],
    ['1 cpu cpu', '2 unified memory'],
  ],
  ['a link to nothing', ['cpu -> nothing', `memory/${MEMORY}`], ['1 memory memory']],
]

for (const [title, entries, expected] of rows) {
  test(`B56: what /sys/fs/cgroup holds: ${title}`, () => {
    const root = treeOf(...entries)
    const found = findHierarchies(root, CGROUP_FILES, '')
    const words = found.map(({ version, mount, controllers }) => {
      return `${version} ${mount === root ? '.' : mount.slice(root.length + 1)} ${controllers.join(',')}`
    })
    assert.deepEqual(words, expected)
  })
}

const SELF = '12:cpu,cpuacct:/a\n4:memory:/process/m\n3:name=systemd:/s\n2:cpuset:/../outside\n0::/user.slice/x:y\n'
for (const [controller, position] of [
  ['cpu', '/a'],
  ['memory', '/process/m'],
  ['', '/user.slice/x:y'],
] as const) {
  test(`B56: where this process is: '${controller}'`, () => assert.equal(positionOf(SELF, controller), position))
}

test('B56: where this process is: not said, or outside of its namespace', () => {
  assert.equal(positionOf('', 'cpu'), '/')
  assert.equal(positionOf('1:cpu:/../x\n', 'cpu'), '/')
})

test('B56: no /sys/fs/cgroup at all is one warning', () => {
  const warnings: string[] = []
  const groups = openGroups({ root: '/nowhere', group: 'devops', warn: text => warnings.push(text) })
  assert.equal(groups.version, null)
  assert.deepEqual(warnings, ["no cgroup limits of cpu and memory: '/nowhere' has no such controller"])
})
