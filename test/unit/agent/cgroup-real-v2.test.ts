import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CGROUP_FILES } from '../../../lib/agent/cgroup-files.ts'
import { enable } from '../../../lib/agent/cgroup-v2.ts'
import { errnoOf } from '../../../lib/errors.ts'

const ROOT = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find(dir => existsSync(join(dir, 'cgroup.controllers')))
const controller =
  ROOT === undefined ? '' : (readFileSync(join(ROOT, 'cgroup.controllers'), 'utf8').trim().split(' ')[0] ?? '')
const skip =
  process.getuid?.() === 0 && controller !== '' ? false : 'needs root and a cgroup mount of version 2 with a controller'

test('B56: the kernel of version 2 itself: a group with processes gives its children a controller', {
  skip,
}, async () => {
  const root = ROOT ?? ''
  const files = CGROUP_FILES
  const dir = join(root, `fleetutils-test-${process.pid}`)
  const leaf = join(dir, 'agents.shared')
  const control = join(root, 'cgroup.subtree_control')
  const had = readFileSync(control, 'utf8').split(/\s+/).includes(controller)
  const child = spawn('sleep', ['1000'])
  const ended = new Promise(resolve => child.on('exit', resolve))
  try {
    assert.deepEqual(enable(files, root, [controller, 'no-such'], join(root, 'never-made')), [controller])
    assert.equal(existsSync(join(root, 'never-made')), false)
    assert.equal(files.make(dir), true)
    assert.equal(files.make(dir), false)
    writeFileSync(join(dir, 'cgroup.procs'), String(child.pid))
    assert.throws(() => files.write(join(dir, 'cgroup.subtree_control'), `+${controller}`), { code: 'EBUSY' })
    assert.deepEqual(enable(files, dir, [controller], leaf), [controller])
    assert.equal(readFileSync(join(leaf, 'cgroup.procs'), 'utf8'), `${child.pid}\n`)
    assert.throws(() => files.write(join(dir, 'cgroup.procs'), String(child.pid)), { code: 'EBUSY' })
    assert.throws(() => files.remove(leaf), { code: 'EBUSY' })
  } finally {
    child.kill('SIGKILL')
    await ended
    for (const path of [leaf, dir]) files.remove(path)
    if (!had) giveBack(control)
  }
})

/** Takes the controller from the top again, unless somebody else uses it by now. */
function giveBack(control: string): void {
  try {
    CGROUP_FILES.write(control, `-${controller}`)
  } catch (error) {
    if (errnoOf(error) !== 'EBUSY') throw error
  }
}
