import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ARCHIVE_LIMITS, emptyPlan, planEntry, type RawEntry } from '../../../lib/package/archive-rules.ts'

const file = (path: unknown, size: unknown = 1): RawEntry => ({ type: 'File', path, size, mode: 0o644 })
const directory = (path: string): RawEntry => ({ type: 'Directory', path, mode: 0o755 })
const symlink = (path: string, linkpath: unknown): RawEntry => ({ type: 'SymbolicLink', path, linkpath })
const link = (path: string, linkpath: unknown): RawEntry => ({ type: 'Link', path, linkpath })

/** What the last of the entries becomes, or why it is refused. */
function outcome(entries: readonly RawEntry[], limits = ARCHIVE_LIMITS): string {
  const plan = emptyPlan()
  const [last = file(''), ...before] = entries.toReversed()
  for (const entry of before.toReversed()) planEntry(plan, entry, limits)
  try {
    const deed = planEntry(plan, last, limits)
    if (deed === null) return 'nothing'
    const { make, path, parents } = deed
    const above = parents.length === 0 ? '' : ` (${parents.join(' ')})`
    if (make === 'symlink') return `symlink ${path} -> ${deed.target}${above}`
    if (make === 'link') return `link ${path} = ${deed.from}${above}`
    const dropped = make === 'file' && deed.dropped ? ' dropped' : ''
    return `${make} ${path} ${deed.mode.toString(8)}${dropped}${above}`
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

const ROWS: readonly (readonly [string, readonly RawEntry[], string])[] = [
  ['a file', [file('a')], 'file a 644'],
  ['a file below directories that nobody named', [file('a/b/c')], 'file a/b/c 644 (a a/b)'],
  ['a file below one that was named', [directory('a/'), file('./a//b')], 'file a/b 644'],
  ['the top', [directory('./')], 'nothing'],
  ['a directory twice', [directory('a'), directory('a/')], 'directory a 755'],
  ['no right to write for others, never setuid', [{ ...file('a'), mode: 0o6777 }], 'file a 755 dropped'],
  ['a directory that nobody may enter', [{ ...directory('a'), mode: 0 }], 'directory a 700'],
  ['a file without a mode', [{ type: 'OldFile', path: 'a', size: 0 }], 'file a 644'],
  ['absolute', [file('/etc/passwd')], 'its path is absolute'],
  ['up', [file('a/../../b')], "its path has '..'"],
  ['up at the end', [directory('..')], "its path has '..'"],
  ['no name', [file('')], 'it has no path'],
  ['a file that is the top', [file('.')], 'it has no name'],
  ['no path', [file(undefined)], 'it has no path'],
  ['a number', [file(12)], 'it has no path'],
  ['a newline', [file('a\nb')], 'its path has control characters, or is not UTF-8'],
  ['no UTF-8', [file('a\ufffd')], 'its path has control characters, or is not UTF-8'],
  ['long', [file('a/'.repeat(600))], 'its path has more than 1000 bytes'],
  ['a long part', [file('ä'.repeat(128))], 'its path has a part of more than 255 bytes'],
  ['twice', [file('a'), file('./a')], 'it is there twice'],
  ['a file in place of a directory', [file('a/b'), file('a')], 'it is there twice'],
  ['a directory in place of a file', [file('a'), directory('a')], 'it is there twice'],
  ['a file in place of a link', [symlink('a', 'b'), file('a')], 'it is there twice'],
  ['under a file', [file('a'), file('a/b')], "it lies under 'a', which is no directory"],
  ['through a link', [symlink('a', '.'), file('a/b/c')], "it lies under 'a', which is no directory"],
  ['a link', [symlink('bin/a', '../lib/a')], 'symlink bin/a -> ../lib/a (bin)'],
  ['a link to the top', [symlink('a/b', './..')], 'symlink a/b -> .. (a)'],
  ['a link to nothing', [symlink('a', 'nothing')], 'symlink a -> nothing'],
  ['a link out', [symlink('a/b', '../..')], 'it is a link that leads out of the archive'],
  ['a link to the root', [symlink('a', '/etc')], 'it is a link to an absolute path'],
  ['a link by a link', [symlink('a/b', 'c/../../..')], "it is a link whose target has '..' after a name"],
  ['a link without target', [symlink('a', undefined)], 'it has no path'],
  ['a hard link', [file('a'), link('b', './a')], 'link b = a'],
  ['a hard link to a hard link', [file('a'), link('b', 'a'), link('c', 'b')], 'link c = b'],
  ['a hard link out', [link('a', '../x')], "its path has '..'"],
  ['a hard link to the root', [link('a', '/etc/shadow')], 'its path is absolute'],
  ['a hard link to what comes later', [link('a', 'b')], 'it is a hard link to no file that came before'],
  ['a hard link to a link', [symlink('a', 'b'), link('c', 'a')], 'it is a hard link to no file that came before'],
  ['a device', [{ type: 'BlockDevice', path: 'a' }], "it is no file, directory or link, but 'BlockDevice'"],
  ['a fifo', [{ type: 'FIFO', path: 'a' }], "it is no file, directory or link, but 'FIFO'"],
  ['an entry of no type', [{ type: undefined, path: 'a' }], 'it is no file, directory or link, but of no type'],
  ['a file of no size', [file('a', null)], 'it has no size'],
  ['a file of a size below 0', [file('a', -1)], 'it has no size'],
]

for (const [title, entries, wanted] of ROWS) {
  test(`B49: an archive with ${title}`, () => assert.equal(outcome(entries), wanted))
}

test('B49: an archive is bounded in count, and in bytes whatever single files have', () => {
  const limits = { ...ARCHIVE_LIMITS, entries: 3, bytes: 100 }
  assert.equal(outcome([file('a'), file('b'), file('c')], limits), 'file c 644')
  assert.equal(outcome([file('a/b'), file('c'), file('d')], limits), 'it is one too many: an archive has at most 3')
  assert.equal(outcome([file('a', 60), file('b', 41)], limits), 'the files have more than 100 bytes together')
})

test('B49: no chain of links that is let through leads out of the archive', () => {
  const part = fc.constantFrom('a', 'b', '..', '.', 'a/b')
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map(parts => parts.join('/'))
  const entry = fc.record({ type: fc.constantFrom('SymbolicLink', 'Directory'), path, linkpath: path })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), entries => {
      const plan = emptyPlan()
      const links = new Map<string, string>()
      for (const entry of entries) {
        try {
          const deed = planEntry(plan, entry)
          if (deed?.make === 'symlink') links.set(deed.path, deed.target)
        } catch {
          // Refused: then the whole archive is.
        }
      }
      for (const at of links.keys()) assert.ok(isInside(at, links), `${at} in ${JSON.stringify([...links])}`)
    }),
    { numRuns: 3000 },
  )
})

/** Walks as the kernel does, part by part: never above the top. Loops end by the count, as there. */
function isInside(path: string, links: ReadonlyMap<string, string>): boolean {
  let todo = path.split('/')
  let at = ''
  for (let hops = 0; todo.length > 0 && hops < 400; ) {
    const [part = '', ...rest] = todo
    todo = rest
    if (part === '..') {
      if (at === '') return false
      at = posix.dirname(at) === '.' ? '' : posix.dirname(at)
      continue
    }
    const next = posix.join(at, part)
    const target = links.get(next)
    if (target === undefined) at = next === '.' ? '' : next
    else {
      hops++
      todo = [...target.split('/'), ...todo]
    }
  }
  return true
}
