import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineOf, parseOne } from './domain-conf-lines.ts'

const many = (net: number, count: number) => Array.from({ length: count }, (_, at) => `10.0.${net}.${at + 1}`)

interface Lists {
  readonly ip: readonly string[]
  readonly backup: readonly string[]
  readonly word: string | null
}

/** title (formats 2.3), column 10, column 13, the lists, warnings */
const good: readonly [string, string, string, Lists, readonly string[]][] = [
  [
    'separators in any mix',
    '10.0.0.1:10.0.0.2|10.0.0.3',
    '10.0.0.4|10.0.0.5:10.0.0.6',
    { ip: ['10.0.0.4', '10.0.0.5', '10.0.0.6'], backup: ['10.0.0.1', '10.0.0.2', '10.0.0.3'], word: null },
    [],
  ],
  ['empty items', 'no', '|10.0.0.4::10.0.0.5|', { ip: ['10.0.0.4', '10.0.0.5'], backup: [], word: 'no' }, []],
  [
    'a repeat of the same kind',
    '10.0.0.1|10.0.0.1',
    '10.0.0.4:10.0.0.5:10.0.0.4',
    { ip: ['10.0.0.4', '10.0.0.5'], backup: ['10.0.0.1'], word: null },
    ["column 10 (Backup): '10.0.0.1' is repeated, dropped", "column 13 (Ip): '10.0.0.4' is repeated, dropped"],
  ],
  ['main and backup alike', '10.0.0.1', '10.0.0.1', { ip: ['10.0.0.1'], backup: ['10.0.0.1'], word: null }, []],
  ['0.0.0.0 alone in column 13 is none', 'wild', '0.0.0.0', { ip: [], backup: [], word: 'wild' }, []],
  [
    '0.0.0.0 among others',
    '0.0.0.0|10.0.0.1',
    '10.0.0.4|0.0.0.0',
    { ip: ['10.0.0.4'], backup: ['10.0.0.1'], word: null },
    [
      "column 10 (Backup): '0.0.0.0' is no usable address, dropped",
      "column 13 (Ip): '0.0.0.0' is no usable address, dropped",
    ],
  ],
  [
    'an address that no zone may answer (formats 14)',
    'no',
    '224.0.0.1|10.0.0.4',
    { ip: ['10.0.0.4'], backup: [], word: 'no' },
    ["column 13 (Ip): '224.0.0.1' is no usable address, dropped"],
  ],
  ['the word yes', 'YES', '10.0.0.4', { ip: ['10.0.0.4'], backup: [], word: 'YES' }, []],
  ['a name as written', 'cdn.example.net', '10.0.0.4', { ip: ['10.0.0.4'], backup: [], word: 'cdn.example.net' }, []],
  [
    'addresses and then a word',
    '10.0.0.1|no|10.0.0.2',
    '10.0.0.4',
    { ip: ['10.0.0.4'], backup: ['10.0.0.1'], word: 'no' },
    ["column 10 (Backup): what follows 'no' is ignored"],
  ],
  [
    '64 addresses',
    many(1, 30).join(':'),
    many(2, 34).join('|'),
    { ip: many(2, 34), backup: many(1, 30), word: null },
    [],
  ],
  [
    '65 addresses, backups first (formats 17.3)',
    many(1, 30).join(':'),
    many(2, 35).join('|'),
    { ip: many(2, 34), backup: many(1, 30), word: null },
    ['column 13 (Ip): a record holds 64 addresses, backups first: the last 1 ignored'],
  ],
  [
    '66 backups',
    many(1, 66).join(':'),
    '10.0.0.4',
    { ip: [], backup: many(1, 64), word: null },
    [
      'column 10 (Backup): a record holds 64 addresses, backups first: the last 2 ignored',
      'column 13 (Ip): a record holds 64 addresses, backups first: the last 1 ignored',
    ],
  ],
]
for (const [title, ten, thirteen, lists, warnings] of good) {
  test(`formats 17.3: ${title}`, async () => {
    const { target, told } = await parseOne(lineOf({ 10: ten, 13: thirteen }, 13))
    assert.deepEqual(
      told,
      warnings.map(reason => `warning: ${reason}`),
    )
    assert.deepEqual({ ip: target?.ip, backup: target?.backup, word: target?.backup_word }, lists)
  })
}

/** title, columns, number of columns, errors */
const bad: readonly [string, Readonly<Record<number, string>>, number, readonly string[]][] = [
  ['a name in column 13', { 13: 'wild' }, 13, ["column 13 (Ip) is not an IPv4 address: 'wild'"]],
  [
    'two bad addresses in column 13',
    { 13: '10.0.0.256|10.0.0.1|10.0.0' },
    13,
    ["column 13 (Ip) is not an IPv4 address: '10.0.0.256'", "column 13 (Ip) is not an IPv4 address: '10.0.0'"],
  ],
  ['IPv6 in column 13', { 13: '2001:db8::1' }, 13, ['column 13 (Ip) cannot hold IPv6 addresses, the short form can']],
  [
    'IPv6 in column 10',
    { 10: '10.0.0.1|2001:db8::1' },
    13,
    ['column 10 (Backup) cannot hold IPv6 addresses, the short form can'],
  ],
  [
    'no name in column 10',
    { 10: 'a..b' },
    13,
    ["column 10 (Backup) is no address, no 'yes' or 'no', and no name: 'a..b'"],
  ],
  ['a CNAME to the host itself', { 1: 'a.com', 10: 'A.com.' }, 13, ["column 10 (Backup) is the host itself: 'A.com.'"]],
  [
    '19 columns and no address (formats 2.2)',
    { 13: '0.0.0.0' },
    19,
    ['no address in column 10 (Backup) and column 13 (Ip), and column 16 (Use_Dns) is not Y'],
  ],
]
for (const [title, columns, count, reasons] of bad) {
  test(`formats 17.3: ${title} is an error`, async () => {
    const { target, told } = await parseOne(lineOf(columns, count))
    assert.deepEqual([target, told], [undefined, reasons.map(reason => `error: ${reason}`)])
  })
}

test('formats 2.2: 19 columns and no address may still be resolved; 13 columns need none', async () => {
  assert.deepEqual((await parseOne(lineOf({ 13: '0.0.0.0', 16: 'Y' }, 19))).told, [])
  assert.deepEqual((await parseOne(lineOf({ 1: '*.com.', 10: 'wild', 13: '0.0.0.0' }, 13))).told, [])
})

test('formats 8.3: an underscore may own a CNAME', async () => {
  assert.equal((await parseOne(lineOf({ 1: 'a_b.com', 10: 'wild', 13: '0.0.0.0' }, 13))).target?.domain, 'a_b.com.')
})
