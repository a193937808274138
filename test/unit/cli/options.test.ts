import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandSpec } from '../../../lib/cli/command.ts'
import { renderHelp } from '../../../lib/cli/help.ts'
import { toCount } from '../../../lib/cli/numbers.ts'
import { sortArgs, toArgs } from '../../../lib/cli/options.ts'
import { CommandError } from '../../../lib/errors.ts'

const spec = {
  name: 'try',
  summary: 'A command to try.',
  operands: '[FILE…]',
  operandCount: [0, 2],
  options: {
    count: { short: 'c', long: 'count', value: 'N', to: toCount(0, 1000), help: 'a number' },
    output: { short: 'o', value: 'FILE', help: 'a file' },
    header: { long: 'header', value: 'TEXT', repeat: true, help: 'several' },
    quiet: { short: 'q', long: 'quiet', help: 'a flag' },
    json: { short: 'j', help: 'another flag' },
  },
} as const satisfies CommandSpec

const parse = (...argv: string[]) => toArgs(spec, sortArgs(spec, argv))
const none = { count: undefined, output: undefined, header: [], quiet: false, json: false }

const good: [string, string[], Partial<typeof none> | Record<string, unknown>, string[]][] = [
  ['nothing', [], {}, []],
  ['a bare dash is an operand', ['-'], {}, ['-']],
  ['a bare dash is a value, and the word after it stays', ['-o', '-', 'x'], { output: '-' }, ['x']],
  ['007 stays text', ['-o', '007', '007'], { output: '007' }, ['007']],
  ['007 as a number is 7', ['-c', '007'], { count: 7 }, []],
  ['a glued value', ['-c7'], { count: 7 }, []],
  ['clustered flags', ['-qj'], { quiet: true, json: true }, []],
  ['clustered flags with a value at the end', ['-qjo', 'f'], { quiet: true, json: true, output: 'f' }, []],
  ['a long value', ['--count=7'], { count: 7 }, []],
  ['a long value as the next word', ['--count', '7'], { count: 7 }, []],
  ['a value that looks like an option', ['-o', '-x'], { output: '-x' }, []],
  ['a value with an equals sign', ['--header=a=b'], { header: ['a=b'] }, []],
  ['a repeated list', ['--header', 'a', '--header', 'b'], { header: ['a', 'b'] }, []],
  ['options after operands', ['f', '-q'], { quiet: true }, ['f']],
  ['all is operand after two dashes', ['--', '-q', '--'], {}, ['-q', '--']],
  ['an operand that looks like a negation', ['no-quiet'], {}, ['no-quiet']],
]

for (const [title, argv, options, operands] of good) {
  test(`options: ${title}`, () => {
    assert.deepEqual(parse(...argv), { options: { ...none, ...options }, operands })
  })
}

const bad: [string, string[], string][] = [
  ['unknown letter', ['-x'], 'unknown option -x (-h lists them)'],
  ['unknown letter in a cluster', ['-qx'], 'unknown option -x (-h lists them)'],
  ['unknown name with a hint', ['--cuont', '7'], 'unknown option --cuont (did you mean --count?)'],
  ['unknown name that is a beginning', ['--head', '7'], 'unknown option --head (did you mean --header?)'],
  ['a negation of mri is no option', ['--no-quiet'], 'unknown option --no-quiet (-h lists them)'],
  ['missing value', ['-c'], 'option -c needs a value: N'],
  ['missing long value', ['--count'], 'option --count needs a value: N'],
  ['empty value', ['-o', ''], 'option -o needs a value: FILE'],
  ['empty long value', ['--count='], 'option --count needs a value: N'],
  ['a flag with a value', ['--quiet=yes'], 'option --quiet takes no value'],
  ['given twice', ['-c', '1', '--count', '2'], 'option --count was given twice'],
  ['flag given twice', ['-q', '-q'], 'option -q was given twice'],
  ['no number', ['-c', '1e3'], "option -c: '1e3' is not a whole number from 0 to 1000"],
  ['out of bounds', ['-c', '1001'], "option -c: '1001' is not a whole number from 0 to 1000"],
  ['negative', ['-c', '-1'], "option -c: '-1' is not a whole number from 0 to 1000"],
  ['too many operands', ['a', 'b', 'c'], "'c': too many operands"],
  ['an empty operand', ['f', ''], 'an operand is empty'],
  ['an empty operand after two dashes', ['--', ''], 'an operand is empty'],
  ['prototype names are no options', ['--__proto__', '1'], 'unknown option --__proto__ (-h lists them)'],
]

test('options: one that is required, but not given, is a usage error', () => {
  const strict = {
    name: 'try',
    summary: 'A command to try.',
    options: { to: { short: 't', long: 'to', value: 'TO', repeat: true, required: true, help: 'to whom' } },
  } as const satisfies CommandSpec
  assert.deepEqual(toArgs(strict, sortArgs(strict, ['-t', 'a'])).options, { to: ['a'] })
  assert.throws(() => toArgs(strict, sortArgs(strict, [])), new CommandError('usage', 'option -t is missing: TO'))
  assert.match(renderHelp(strict), /^usage: try -t TO…$/m)
})

for (const [title, argv, message] of bad) {
  test(`options: ${title} is a usage error`, () => {
    assert.throws(() => parse(...argv), new CommandError('usage', message))
  })
}
