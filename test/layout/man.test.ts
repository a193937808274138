import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseHelp } from '../../contrib/build/help.ts'

const root = join(import.meta.dirname, '../..')

for (const file of readdirSync(join(root, 'cmd'))) {
  const name = file.replace(/\.ts$/, '')
  const page = ['1', '8'].map(section => join(root, `man/${name}.${section}`)).find(path => existsSync(path))
  if (page === undefined) continue // the layout test says so

  test(`${name}: -h and the man page tell of the same options, in the same order`, () => {
    const help = parseHelp(execFileSync(join(root, 'bin', name), ['-h'], { encoding: 'utf8' }))
    const wanted = help.options.map(({ short, long, value }) =>
      [[short === undefined ? [] : short, long === undefined ? [] : `-${long}`].flat().join(' , '), value ?? '']
        .join(' ')
        .trim(),
    )
    const options = readFileSync(page, 'utf8').matchAll(/^\.It Fl (.*)$/gm)
    const told = [...options].map(match =>
      (match[1] ?? '').replace(/ Ar /, ' ').replaceAll('\\(ba', '|').replaceAll('"', ''),
    )
    assert.deepEqual(told, wanted)
  })

  test(`${name}: the man page has the sections a user looks for`, () => {
    const text = readFileSync(page, 'utf8')
    for (const section of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO']) {
      assert.match(text, new RegExp(`^\\.Sh ${section}$`, 'm'))
    }
  })
}
