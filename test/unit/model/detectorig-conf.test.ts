import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseDetectorigConf } from '../../../lib/model/detectorig-conf.ts'

const read = (text: string) => parseDetectorigConf(text, 'detectorig.conf')
const told = (text: string) => read(text).faults.map(({ line, reason }) => `${line}: ${reason}`)

test('detectorig.conf (formats 6): the defaults', () => {
  assert.deepEqual(read('\n# nothing\n'), {
    headers: [],
    result: false,
    central: false,
    cleanup: true,
    savetime: 86400,
    killtime: 300,
    travel: 35,
    epollwait: 15,
    rlimit: 344_800,
    dnsservice: '/etc/init.d/named',
    faults: [],
  })
})

test('detectorig.conf (formats 6): every keyword, unknown ones ignored', () => {
  const conf = read(`
    result = on;
    central=ON
    cleanup = off ;
    savetime = 2d;
    killtime = 60;
    travel = 7;
    epollwait = 5;
    rlimit = 1024;
    dnsservice = /usr/sbin/named service;
    colour = blue;
    header = "img.example.com" "User-Agent" "probe; 1 = 2";\r
  `)
  assert.deepEqual(conf, {
    headers: [{ host: 'img.example.com', name: 'User-Agent', value: 'probe; 1 = 2' }],
    result: true,
    central: true,
    cleanup: false,
    savetime: 172_800,
    killtime: 60,
    travel: 7,
    epollwait: 5,
    rlimit: 1024,
    dnsservice: '/usr/sbin/named service',
    faults: [],
  })
})

/** title, text, number of headers */
const braces: readonly [string, string, number][] = [
  ['on one line', 'header { "a.com" "X-A" "1" }', 1],
  ['with a semicolon', 'header{"a.com" "X-A" "1"};', 1],
  ['on three lines', 'header {\n  "a.com" "X-A" "1"\n}', 1],
  ['several in one block', 'header {\n "a.com" "X-A" "1"\n # two\n "b.com" "X-B" "}"; \n};', 2],
  ['closed on the line of the last', 'header {\n "a.com" "X-A" "1" }\nheader = "b.com" "X-B" ""', 2],
]
for (const [title, text, count] of braces) {
  test(`detectorig.conf (formats 6): the brace form ${title}`, () => {
    assert.deepEqual([read(text).headers.length, told(text)], [count, []])
  })
}

/** text, what is said */
const bad: readonly [string, readonly string[]][] = [
  ['result', ["1: is not 'keyword = value;': 'result'"]],
  ['result = maybe;', ["1: result is neither on nor off: 'maybe'"]],
  ['travel = many;', ["1: travel is not a whole number: 'many'"]],
  ['savetime = 1w;', ["1: savetime is not a number with s, m, h or d: '1w'"]],
  ['header = a.com X 1;', [`1: header is not '"host" "name" "value"': 'a.com X 1'`]],
  ['header = "a..b" "X" "1";', ["1: header has no legal host: 'a..b'"]],
  ['header = "a.com" "X Y" "1";', ["1: header has no legal name: 'X Y'"]],
  ['header = "a.com" "Content-Length" "1";', ["1: header 'Content-Length' is the prober's own"]],
  ['header = "a.com" "X" "a\x0bb";', ["1: header 'X' has a value that is not ASCII"]],
  ['header {\n"a.com" "X" "1"', ["1: header { is never closed by '}'"]],
  ['header { "a.com" "X" "1" } more', ["1: header has more than quoted strings: 'more'"]],
  ['header { "a.com" "X" }', [`1: header is not '"host" "name" "value"': '"a.com" "X"'`]],
]
for (const [text, reasons] of bad) {
  test(`detectorig.conf (formats 6): ${JSON.stringify(text)} is an error`, () => {
    assert.deepEqual(told(text), reasons)
    assert.ok(read(text).faults.every(({ severity }) => severity === 'error'))
  })
}

/** value, seconds */
const savetimes: readonly [string, number][] = [
  ['90s', 90],
  ['59s', 60],
  ['3m', 180],
  ['2h', 7200],
  ['1d', 86400],
  ['500', 60],
]
for (const [value, seconds] of savetimes) {
  test(`detectorig.conf (formats 6): savetime ${value}`, () => {
    assert.equal(read(`savetime = ${value};`).savetime, seconds)
  })
}

test('detectorig.conf: whatever the text, nothing is thrown', () => {
  const part = fc.oneof(
    fc.constantFrom('header', ' { ', '}', '"', '"a.com"', '=', ';', '\n', 'result', 'on'),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(
      fc.array(part).map(parts => parts.join('')),
      text => {
        const { faults, headers } = read(text)
        assert.ok(faults.every(({ line }) => line >= 1))
        assert.ok(headers.every(({ name, value }) => !/[\r\n]/.test(name + value)))
      },
    ),
  )
})
