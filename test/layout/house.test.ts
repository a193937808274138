import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const commands = readdirSync(join(root, 'cmd'))

for (const file of commands) {
  const name = file.replace(/\.ts$/, '')
  test(`${name} has a man page, a bats file and at most 60 lines (bootctl: 120)`, () => {
    assert.ok(
      ['1', '8'].some(section => existsSync(join(root, `man/${name}.${section}`))),
      'no man page',
    )
    assert.ok(existsSync(join(root, `test/bats/${name}.bats`)), 'no bats file')
    const lines = readFileSync(join(root, 'cmd', file), 'utf8').split('\n').length - 1
    assert.ok(lines <= (name === 'bootctl' ? 120 : 60), `${lines} lines`)
  })
}

test('every source file is of a size that has one subject', () => {
  const large = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .filter(name => readFileSync(join(root, 'lib', name), 'utf8').split('\n').length > 251)
  assert.deepEqual(large, [])
})

test('the top level holds what belongs there and nothing else', () => {
  const allowed = new Set(
    'package.json package-lock.json tsconfig.json biome.json Makefile README.md CONTRIBUTING.md CHANGELOG.md LICENSE cmd lib man contrib test bench .ci .git .gitignore node_modules bin'.split(
      ' ',
    ),
  )
  assert.deepEqual(
    readdirSync(root).filter(name => !allowed.has(name)),
    [],
  )
})
