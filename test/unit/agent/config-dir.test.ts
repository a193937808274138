import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { agentOf, ignoreRepeats, readConfigDir, readConfigFile, renderFault } from '../../../lib/agent/config-dir.ts'
import { CommandError } from '../../../lib/errors.ts'

const scratch = mkdtempSync(join(tmpdir(), 'config-dir-'))
let dir = ''
let count = 0

beforeEach(() => {
  dir = join(scratch, `${count++}`)
  mkdirSync(dir)
})
after(() => rmSync(scratch, { recursive: true }))

function put(name: string, fields: object | string = {}): string {
  const path = join(dir, name)
  const agent = { name: name.replace('.json', ''), version: '1', exec: '/bin/a', ...Object(fields) }
  writeFileSync(path, typeof fields === 'string' ? fields : JSON.stringify(agent))
  chmodSync(path, 0o644)
  return path
}

/** What a person is told of every file: agents, faults and warnings. */
function told(): string[] {
  return readConfigDir(dir).flatMap(({ file, parsed: { config, faults, warnings } }) => [
    ...(config === null ? [] : [`${config.name} from ${file.slice(dir.length + 1)}`]),
    ...[...faults, ...warnings].map(fault => renderFault(file, fault).replaceAll(`${dir}/`, '')),
  ])
}

test('B1: *.json are read, sorted by name; hidden files and other suffixes are not', () => {
  for (const name of ['b.json', 'a.json', 'B.json', '.c.json', '.json', 'd.json.rpmsave', 'e.JSON', 'json']) put(name)
  mkdirSync(join(dir, 'f'))
  assert.deepEqual(told(), ['B from B.json', 'a from a.json', 'b from b.json'])
})

test('B1: nothing in the directory is no agent', () => assert.deepEqual(told(), []))

test('B1: a directory that is not there is a fault of the configuration', () => {
  const missing = join(dir, 'x')
  assert.throws(
    () => readConfigDir(missing),
    (error: unknown) =>
      error instanceof CommandError &&
      error.fault === 'config' &&
      error.message === `unable to read '${missing}': no such file or directory`,
  )
})

test('B1: a file of 16 KiB is read, one of 17 is a fault and hinders no other', () => {
  const text = JSON.stringify({ name: 'a', version: '1', exec: '/bin/a' })
  put('a.json', text + ' '.repeat(16384 - text.length))
  put('b.json', text + ' '.repeat(17 * 1024))
  assert.deepEqual(told(), ['a from a.json', 'b.json: is larger than 16384 bytes'])
})

test('B8: of two files with one name the second is ignored, also where the first has a fault', () => {
  put('a.json')
  put('b.json', { name: 'a', exec: 'x' })
  put('c.json', { name: 'd', exec: 'x' })
  put('d.json')
  assert.deepEqual(told(), [
    'a from a.json',
    "b.json: name: 'a' has 'a.json' already: this file is ignored",
    'c.json: exec: the first word must be an absolute path, not "x"',
    "c.json: name: 'd' should be in a file 'd.json'",
    "d.json: name: 'd' has 'c.json' already: this file is ignored",
  ])
})

test('B8: of files in any order the first of an agent counts', () => {
  const files = [put('b.json', { name: 'x' }), put('a.json', { name: 'x' })].map(readConfigFile)
  assert.deepEqual(
    ignoreRepeats(files).map(({ parsed }) => [parsed.config?.name, parsed.faults.length, parsed.warnings.length]),
    [
      ['x', 0, 1],
      [undefined, 0, 1],
    ],
  )
})

test('B8: a file with another name than its agent is a warning', () => {
  put('a.json', { name: 'b' })
  assert.deepEqual(told(), ['b from a.json', "a.json: name: 'b' should be in a file 'b.json'"])
})

test('B16: two agents that fork with one pid file are a warning', () => {
  put('a.json', { type: 'fork', pidfile: '/run/x.pid' })
  put('b.json', { type: 'fork', pidfile: '/run/x.pid' })
  put('c.json', { pidfile: '/run/x.pid' })
  assert.deepEqual(told(), [
    'a from a.json',
    'b from b.json',
    "b.json: pidfile: '/run/x.pid' is that of agent 'a' too",
    'c from c.json',
  ])
})

test('B29: what is no file, cannot be read or is no text is a fault, and the others are read', () => {
  put('a.json')
  mkdirSync(join(dir, 'b.json'))
  symlinkSync('nowhere', join(dir, 'c.json'))
  symlinkSync('d.json', join(dir, 'd.json'))
  execFileSync('mkfifo', [join(dir, 'e.json')])
  writeFileSync(join(dir, 'f.json'), Buffer.from('{"name": "\xff"}', 'latin1'))
  put('g.json', '')
  put('h.json', '{\n# the name\n"name": "h"}')
  symlinkSync('a.json', join(dir, 'i.json'))
  assert.deepEqual(told(), [
    'a from a.json',
    'b.json: cannot be read: not a regular file',
    'c.json: cannot be read: no such file or directory',
    'd.json: cannot be read: too many levels of symbolic links',
    'e.json: cannot be read: not a regular file',
    'f.json: is not in UTF-8',
    'g.json: line 1, column 1: the text ends where a value should be',
    'h.json: line 2, column 1: a comment, which JSON does not have',
    "i.json: name: 'a' has 'a.json' already: this file is ignored",
  ])
})

test('B29: a file that the caller may not read is a fault', t => {
  put('b.json')
  chmodSync(put('a.json'), 0)
  if (process.getuid?.() === 0) {
    chmodSync(scratch, 0o755)
    process.seteuid?.(65534)
    t.after(() => process.seteuid?.(0))
  }
  assert.deepEqual(told(), ['a.json: cannot be read: permission denied', 'b from b.json'])
})

test('a file that every user may write is a warning', () => {
  chmodSync(put('a.json'), 0o646)
  assert.deepEqual(told(), [
    'a from a.json',
    'a.json: may be written by every user, who may so run anything as the agent does',
  ])
})

test('B8: a file is about the agent that it names, or else about that of its base name', () => {
  const about = (name: string, text: string) => agentOf(readConfigFile(put(name, text)))
  assert.equal(about('a.json', '{"name": "b"}'), 'b')
  assert.equal(about('a.json', '{"name": "."}'), 'a')
  assert.equal(about('a.json', '{'), 'a')
})
