import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, normalize, relative } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')

/** Which rooms a room may import besides itself: arrows point down only, a subject room never imports another. */
const BELOW = ['model', 'ndjson', 'sys', 'errors']
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  cmd: ['cli', 'origin', 'transfer', 'package', 'agent', 'report', 'fleet', 'alert', ...BELOW],
  cli: BELOW,
  origin: BELOW,
  transfer: BELOW,
  package: BELOW,
  agent: BELOW,
  report: BELOW,
  fleet: BELOW,
  alert: BELOW,
  model: ['errors'],
  ndjson: ['errors'],
  sys: ['errors'],
  errors: [],
}

/** The one room that may import a package. */
const DOORS: Readonly<Record<string, string>> = {
  'basic-ftp': 'transfer',
  mri: 'cli',
  nodemailer: 'alert',
  tar: 'package',
  typebox: 'model',
  undici: 'sys',
}

const files = ['cmd', 'lib'].flatMap(top =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(top, name)),
)

function roomOf(file: string): string {
  const [top, room = ''] = file.split('/')
  return top === 'cmd' ? 'cmd' : room.replace(/\.ts$/, '')
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:^import[^'\n]*|^[^'\n]*\bfrom |\bimport\()'([^'\n]+)'/gm)].map(match => match[1] ?? '')
}

for (const file of files) {
  test(`${file} keeps to its arrows and doors`, () => {
    const room = roomOf(file)
    assert.ok(room in ARROWS, `'${room}' is no room of the house`)
    for (const name of importsOf(file)) {
      if (name.startsWith('node:')) continue
      if (name.startsWith('.')) {
        const target = relative(root, normalize(join(root, file, '..', name)))
        if (target === 'package.json') continue
        const other = roomOf(target)
        assert.ok(other === room || ARROWS[room]?.includes(other), `${room} must not import ${other} (${name})`)
        assert.ok(target.startsWith('lib/'), `${name} is not in lib/`)
      } else {
        const dependency = name.split('/')[0] ?? ''
        assert.equal(DOORS[dependency], room, `'${dependency}' has another door, or none`)
      }
    }
  })
}
