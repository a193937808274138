import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkOneMount } from '../../../lib/agent/one-mount.ts'

const place = () => mkdtempSync(join(tmpdir(), 'mount-'))
const canMount = spawnSync('unshare', ['-m', 'true']).status === 0
const skip = canMount ? false : 'needs the right to make a mount namespace'

test('B3: two directories on one mount, also through a link; tmp is made where it is not there', () => {
  const dir = place()
  const conf = join(dir, 'etc/cargo/BootAgent')
  assert.throws(() => checkOneMount(conf, join(dir, 'base/tmp')), {
    fault: 'config',
    message: `unable to use the directory '${conf}': no such file or directory`,
  })
  mkdirSync(conf, { recursive: true })
  checkOneMount(conf, join(dir, 'base/tmp'))
  assert.equal(statSync(join(dir, 'base/tmp')).mode & 0o777, 0o755)
  symlinkSync(join(dir, 'base'), join(dir, 'link'))
  checkOneMount(conf, join(dir, 'link/tmp'))
})

test('B3: a directory that cannot be is a clear error', () => {
  const dir = place()
  writeFileSync(join(dir, 'file'), '')
  const rows = [
    [join(dir, 'file'), 'file exists'],
    [join(dir, 'file/tmp'), 'not a directory'],
  ] as const
  for (const [tmp, reason] of rows) {
    const message = `unable to use the directory '${tmp}': ${reason}`
    assert.throws(() => checkOneMount(dir, tmp), { fault: 'config', message })
  }
})

for (const [title, mount] of [
  ['another file system', 'mount -t tmpfs none "$1/tmp"'],
  ['the same one, mounted twice', 'mount --bind "$1/tmp" "$1/tmp"'],
] as const) {
  test(`B3: different mounts are an error that names both directories: ${title}`, { skip }, () => {
    const dir = place()
    mkdirSync(join(dir, 'conf'))
    checkOneMount(join(dir, 'conf'), join(dir, 'tmp'))
    const program = `
      import { renameSync, writeFileSync } from 'node:fs'
      import { checkOneMount } from '${join(import.meta.dirname, '../../../lib/agent/one-mount.ts')}'
      const [conf, tmp] = process.argv.slice(1)
      writeFileSync(tmp + '/x', '')
      try { renameSync(tmp + '/x', conf + '/x') } catch (error) { console.log(error.code) }
      try { checkOneMount(conf, tmp) } catch (error) { console.log(error.fault + ': ' + error.message) }`
    const script = `${mount} && exec "$2" --input-type=module -e "$3" "$1/conf" "$1/tmp"`
    const args = ['-m', 'sh', '-c', script, 'sh', dir, process.execPath, program]
    const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' })
    const message = `unable to rename files of '${dir}/tmp' into '${dir}/conf': the two directories are on different mounts`
    assert.equal(stdout, `EXDEV\nconfig: ${message}\n`, stderr)
  })
}
