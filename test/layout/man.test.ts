import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseHelp } from '../../contrib/build/help.ts'
import { readSchemas } from '../../contrib/build/schemas.ts'

const root = join(import.meta.dirname, '../..')
const pages = readdirSync(join(root, 'man'))

const FOREIGN = new Set(
  'cron 8,fuser 1,logrotate 8,setsid 1,sh 1,crontab 5,curl 1,dig 1,flock 1,jq 1,named 8,named-checkzone 1,named.conf 5,netrc 5,nginx 8,rndc 8,sendmail 8,systemd 1,systemd.service 5,systemd.timer 5,systemctl 1,tee 1,grep 1,strftime 3,proc 5,hostname 1,sha256sum 1'.split(
    ',',
  ),
)

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

for (const file of readdirSync(join(root, 'cmd')).filter(file => file.endsWith('.ts'))) {
  const name = file.replace(/\.ts$/, '')
  test(`${name}: the man page has the statuses that every command can end with, in order`, () => {
    const page = ['1', '8'].map(section => join(root, `man/${name}.${section}`)).find(path => existsSync(path)) ?? ''
    const section = /^\.Sh EXIT STATUS$([\s\S]*?)^\.Sh /m.exec(readFileSync(page, 'utf8'))?.[1] ?? ''
    const told = [...section.matchAll(/^\.It (\d+)$/gm)].map(([, status]) => Number(status))
    assert.deepEqual(
      [0, 64, 70, 74].filter(status => !told.includes(status)),
      [],
    )
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    )
  })
}

test('every page that a page refers to is there', () => {
  const missing = pages.flatMap(page =>
    [...readFileSync(join(root, 'man', page), 'utf8').matchAll(/^\.Xr (\S+) (\d)/gm)]
      .map(([, name, section]) => ({ page, name, section }))
      .filter(({ name, section }) => !pages.includes(`${name}.${section}`) && !FOREIGN.has(`${name} ${section}`)),
  )
  assert.deepEqual(missing, [])
})

test('fleetutils-records(5) tells of every field of every record, and of no other', async () => {
  const page = readFileSync(join(root, 'man/fleetutils-records.5'), 'utf8')
  const told = [...page.matchAll(/^\.(Ss|It Cm) (\S+)/gm)].map(([, , name]) => name).sort()
  const schemas = await readSchemas(join(root, 'lib/model'))
  assert.deepEqual(told, schemas.flatMap(namesOf).sort())
})

/** The type of a record, its fields and those of the objects inside. */
function namesOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  if (Array.isArray(part)) return part.flatMap(namesOf)
  return Object.entries(part).flatMap(([key, value]) => {
    if (key !== 'properties')
      return ['items', 'anyOf', 'patternProperties'].includes(key) ? namesOf(value) : patternNames(key, value)
    const { type, ...fields } = value
    return [
      ...(type === undefined ? [] : [type.const]),
      ...Object.keys(fields),
      ...Object.values(fields).flatMap(namesOf),
    ]
  })
}

/** The value of a pattern property is a schema under a regular expression. */
function patternNames(key: string, value: unknown): string[] {
  return key.startsWith('^') ? namesOf(value) : []
}
