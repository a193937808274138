import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveSettings, settingLines, settingLists } from '../../../lib/model/anyhost-settings.ts'

const LISTS: readonly [title: string, value: string, words: readonly string[] | undefined][] = [
  ['nothing', '', []],
  ['plain words', '-t  3 -c 200', ['-t', '3', '-c', '200']],
  ['quotes hold blanks together', `--rndc 'rndc -c "x"' "it's"`, ['--rndc', 'rndc -c "x"', "it's"]],
  ['a quote in the middle of a word', "--from='a b'c", ['--from=a bc']],
  ['nothing else of a shell', '$(id) `id` $HOME * \\', ['$(id)', '`id`', '$HOME', '*', '\\']],
  ['an empty word', "-x ''", ['-x', '']],
  ['a quote left open', '-x "y', undefined],
]

for (const [title, value, words] of LISTS) {
  test(`a list: ${title}`, () => {
    const { settings, faults } = resolveSettings([[{ text: `probe=${value}`, place: 'x:1' }]])
    if (words === undefined) assert.equal(faults.length, 1)
    else assert.deepEqual([settingLists(settings)['probe'], faults], [words, []])
  })
}

test('lines are numbered, a later list wins, and every fault is told', () => {
  const file = settingLines('# a\n\nperiod = 30\nlisten=:1\nlisten=:2\nx\ny=1\nperiod\t=\x01', 'f')
  const { settings, faults } = resolveSettings([file, [{ text: 'period=40', place: 'argument 1' }]])
  assert.equal(settings.period, '40')
  assert.equal(settings.listen, ':1')
  assert.deepEqual(
    faults.map(({ place }) => place),
    ['f:5', 'f:6', 'f:7', 'f:8'],
  )
})
