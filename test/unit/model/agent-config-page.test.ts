import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseAgentText } from '../../../lib/model/agent-config-parse.ts'
import { renderAgentConfig } from '../../../lib/model/agent-config-render.ts'

const page = readFileSync(join(import.meta.dirname, '../../../man/bootagent.json.5'), 'utf8')

/** The literal blocks of a section. */
function blocksOf(section: string): string[] {
  const text = new RegExp(`^\\.Sh ${section}$([\\s\\S]*?)^\\.Sh `, 'm').exec(page)?.[1] ?? ''
  return [...text.matchAll(/^\.Bd -literal.*\n([\s\S]*?)^\.Ed/gm)].map(match => match[1] ?? '')
}

const FULL = {
  name: 'a',
  version: '1',
  exec: '/bin/a',
  pidfile: '/a',
  user: 'a',
  group: 'a',
  cgroup: { CPU: 1, MEM: 1 },
  limits: { CPU: 1, MEM: 1, FDS: 1 },
  check: { path: '/a', match: 'string:a' },
  heartbeat: { match: 'string:a' },
}

test('B14 to B28, B69: bootagent.json(5) tells of every field', () => {
  const { config } = parseAgentText(JSON.stringify(FULL))
  assert.ok(config !== null)
  const fields = Object.entries(renderAgentConfig(config)).flatMap(([name, value]) => [
    name,
    ...Object.keys(typeof value === 'object' && value !== null ? value : {}),
  ])
  const told = [...page.matchAll(/^\.It Cm (.*)$/gm)].flatMap(match => (match[1] ?? '').split(' , '))
  assert.deepEqual(
    fields.filter(name => !told.includes(name)),
    [],
  )
})

const examples = blocksOf('EXAMPLES')
test('bootagent.json(5) has examples', () => assert.equal(examples.length, 4))
for (const [i, text] of examples.entries()) {
  test(`bootagent.json(5): example ${i + 1} has neither fault nor warning`, () => {
    const { config, faults, warnings } = parseAgentText(text)
    assert.deepEqual([faults, warnings], [[], []])
    assert.notEqual(config, null)
  })
}

/** What is read, and the messages of the page that it leads to. */
const SAID: readonly (readonly [text: string, ...messages: string[]])[] = [
  ['{\n\n    # c', 'line 3, column 5: a comment, which JSON does not have'],
  [`{\n\n\n\n\n\n\n"a": 1,\n}`, "line 9, column 1: a name in double quotes should be here, not '}'"],
  ['{\n\n\n  "retries": 3,\n\n\n  "retries": 3}', 'retries: is given twice: line 4, column 3 and line 7, column 3'],
  [' '.repeat(16385), 'is larger than 16384 bytes'],
  ['{"startsecs": "10"}', 'exec: is missing', 'startsecs: must be a number from 0 to 86400, not "10"'],
  ['{"limits": {"CPU": "10%"}}', 'limits.CPU: must be a number from 1 to 1000000, not "10%"'],
  ['{"type": "fork"}', "pidfile: is missing, and type 'fork' needs it"],
  ['{"restartsec": 1}', "restartsec: unknown field (did you mean 'restartsecs'?)"],
  ['{"autorestart": "never"}', `autorestart: must be 'yes', 'no' or 'unexpect', not "never": taken as 'yes'`],
  ['{"limits": {}}', 'limits: limits nothing: it has none of CPU, MEM, FDS'],
]

for (const [text, ...messages] of SAID) {
  test(`bootagent.json(5): ${messages.join('; ')}`, () => {
    const { faults, warnings } = parseAgentText(text)
    const said = [...faults, ...warnings].map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`))
    const told = blocksOf('DIAGNOSTICS').join('').split('\n')
    for (const message of messages) {
      assert.ok(said.includes(message), said.join('\n'))
      assert.ok(told.includes(`a.json: ${message}`), 'the page does not have it')
    }
  })
}
