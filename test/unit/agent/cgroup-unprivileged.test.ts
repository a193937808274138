import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = '/sys/fs/cgroup'
const NOBODY = 65534
const DROP = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
const MODULE = join(import.meta.dirname, '../../../lib/agent/cgroup.ts')
const own = `fleetutils-own-${process.pid}`
const group = `fleetutils-test-${process.pid}`

function whySkipped(): string | false {
  const isV1 = ['cpu/cpu.shares', 'memory/memory.limit_in_bytes'].every(file => existsSync(join(ROOT, file)))
  if (process.getuid?.() !== 0 || !isV1) return 'needs root and the cpu and memory cgroups of version 1'
  const [program = '', ...args] = DROP
  const ran = spawnSync(program, [...args, process.execPath, '--check', MODULE])
  return ran.status === 0 ? false : 'needs a checkout and a node that everybody may read'
}
const skip = whySkipped()

/** What a program says that runs as nobody, from within these groups; `groups` and `warnings` are there for it. */
function runAsNobody(dirs: readonly string[], program: string): unknown {
  const text = `
    import { readFileSync } from 'node:fs'
    import { openGroups } from '${MODULE}'
    const warnings = []
    const groups = openGroups({ root: '${ROOT}', group: '${group}', warn: text => warnings.push(text) })
    ${program}`
  const enter = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done; shift; exec "$@"'
  const command = [...DROP, process.execPath, '--input-type=module', '-e', text]
  const { stdout, stderr } = spawnSync('sh', ['-c', enter, 'sh', ...dirs, '--', ...command], { encoding: 'utf8' })
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}

test('B56: who may write nowhere gets one warning, and goes on without', { skip }, () => {
  const said = runAsNobody(
    [],
    `groups.make('a', { cpu: 1, mem: 1 }); groups.joinSelf(); groups.close()
    console.log(JSON.stringify([groups.version, groups.procsOf('a', true), warnings]))`,
  )
  const reasons = ['cpu', 'memory'].map(name => `'${ROOT}/${name}': permission denied`)
  assert.deepEqual(said, [null, [], [`no cgroup limits of cpu and memory: ${reasons.join('; ')}`]])
})

test('B56: who may write only below its own group has the groups there', { skip }, () => {
  const dirs = ['cpu', 'memory'].map(name => join(ROOT, name, own))
  try {
    for (const dir of dirs) {
      mkdirSync(dir)
      for (const path of [dir, join(dir, 'cgroup.procs')]) chownSync(path, NOBODY, NOBODY)
    }
    const said = runAsNobody(
      dirs,
      `
      groups.make('a', { cpu: 50, mem: 65536 })
      groups.joinSelf()
      const [cpu, memory] = groups.procsOf('a', true)
      const read = path => readFileSync(path, 'utf8').trim()
      const limits = [read(cpu.replace('tasks', 'cpu.shares')), read(memory.replace('tasks', 'memory.limit_in_bytes'))]
      const again = openGroups({ root: '${ROOT}', group: '${group}', warn: text => warnings.push(text) })
      const at = read('/proc/self/cgroup').split('\\n').filter(line => /:(cpu|memory):/.test(line)).map(line => line.split(':')[2])
      console.log(JSON.stringify([groups.version, cpu, memory, limits, again.procsOf('a', true).length, at, warnings]))`,
    )
    const [cpu, memory] = dirs.map(dir => join(dir, group, 'a/tasks'))
    const at = `/${own}/${group}`
    assert.deepEqual(said, [1, cpu, memory, ['512', '67108864'], 2, [at, at], []])
  } finally {
    for (const dir of dirs) {
      for (const path of [join(dir, group, 'a'), join(dir, group), dir]) if (existsSync(path)) rmdirSync(path)
    }
  }
})
