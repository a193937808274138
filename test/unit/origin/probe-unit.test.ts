import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDomainConf } from '../../../lib/model/domain-conf.ts'
import type { Target } from '../../../lib/model/target.ts'
import { renderRequest } from '../../../lib/origin/probe-request.ts'
import { sharesOf, toUnits, type UnitDefaults } from '../../../lib/origin/probe-unit.ts'

const DEFAULTS: UnitDefaults = { timeout: 3, timeoutRules: false, headers: [] }

async function targetsOf(...lines: string[]): Promise<readonly Target[]> {
  const { targets, faults } = await parseDomainConf(`${lines.join('\n')}\n`, null, { now: 1_700_000_000 })
  assert.deepEqual(faults, [])
  return targets
}

async function unitsOf(lines: readonly string[], defaults = DEFAULTS) {
  return toUnits((await targetsOf(...lines)).flatMap(sharesOf), defaults)
}

const A = 'a.example N Y 1 3 2 512 1 Y no GET:fake.com/x 2** 192.0.2.1'
const EXTENDED = `${A} GET:fake.com/y 8080 N 100:0 3 Y`

const rows: readonly { title: string; first: string; second: string; units: number }[] = [
  { title: 'the same request of another domain is one unit', first: A, second: A.replace('a.', 'b.'), units: 1 },
  { title: 'another path', first: A, second: A.replace('a.', 'b.').replace('/x', '/y'), units: 2 },
  { title: 'another verb', first: A, second: A.replace('a.', 'b.').replace('GET', 'HEAD'), units: 2 },
  { title: 'other codes', first: A, second: A.replace('a.', 'b.').replace('2**', '200'), units: 2 },
  { title: 'another limit', first: A, second: A.replace('a.', 'b.').replace('512', '513'), units: 2 },
  { title: 'another number of probes', first: A, second: A.replace('a.', 'b.').replace('Y 1', 'Y 2'), units: 2 },
  { title: 'other thresholds do not matter', first: A, second: A.replace('a.', 'b.').replace('3 2', '4 1'), units: 1 },
  { title: 'another port', first: EXTENDED, second: EXTENDED.replace('a.', 'b.').replace('8080', '81'), units: 2 },
  { title: 'another time limit', first: `${EXTENDED} 0 1`, second: `${EXTENDED.replace('a.', 'b.')} 0 1 2`, units: 2 },
  {
    title: 'a second request without a weight does not matter',
    first: EXTENDED,
    second: EXTENDED.replace('a.', 'b.').replace('/y', '/z'),
    units: 1,
  },
  {
    title: 'with a weight, the Referer is each domain its own',
    first: EXTENDED.replace('100:0', '50:50'),
    second: EXTENDED.replace('a.', 'b.').replace('100:0', '50:50'),
    units: 2,
  },
]

for (const { title, first, second, units } of rows) {
  test(`units: ${title} (damping 8.1)`, async () => {
    assert.equal((await unitsOf([first, second])).length, units)
  })
}

test('units: the same address as main and backup is measured once, and told twice', async () => {
  const units = await unitsOf([A.replace(' no ', ' 192.0.2.1 ')])
  assert.deepEqual(
    units.map(unit => unit.shares.map(share => share.kind)),
    [['ip', 'backup']],
  )
})

test('units: the default path is another in each round, the key is not (formats 2.4)', async () => {
  const [unit] = await unitsOf(['a.example N Y 1 3 2 512 1 Y no Y 2** 192.0.2.1'])
  assert.equal(unit?.parts[0]?.request.path, '/1700000000.jpg')
  assert.equal(unit?.key, 'http://192.0.2.1:80 GET a.example/EPOCH.jpg 2** 512 1 3')
})

test('units: 443 is HTTPS, and the time limit of the command line stands above column 22', async () => {
  const line = `${EXTENDED.replace('8080', '443')} 0 1 2.5`
  const [own] = await unitsOf([line])
  assert.deepEqual([own?.way, own?.timeout], ['HTTPS', 2.5])
  const [given] = await unitsOf([line], { ...DEFAULTS, timeout: 1, timeoutRules: true })
  assert.equal(given?.timeout, 1)
})

test('units: all the weight on the second request leaves the first one out', async () => {
  const [unit] = await unitsOf([EXTENDED.replace('100:0', '0:100')])
  assert.deepEqual(
    unit?.parts.map(({ request, referer, weight }) => [request.path, referer, weight]),
    [['/y', 'a.example', 100]],
  )
})

test('a request: an extra header takes the place of a built-in one (formats 6)', () => {
  const request = { verb: 'GET', host: 'a.example', path: '/', body_file: null, body_type: null } as const
  const headers = [
    { host: 'a.example', name: 'ACCEPT', value: 'text/html' },
    { host: 'a.example', name: 'X-Probe', value: '1' },
  ]
  const text = Buffer.from(renderRequest({ request, referer: null, headers }, undefined)).toString()
  assert.match(text, /^GET \/ HTTP\/1\.1\r\nHost: a\.example\r\nUser-Agent: fleetutils\/[\d.]+\r\n/)
  assert.match(text, /\r\nACCEPT: text\/html\r\nX-Probe: 1\r\nConnection: close\r\n\r\n$/)
  assert.doesNotMatch(text, /Accept: \*/)
})

test('a request: nothing in it may break it apart', () => {
  const request = { verb: 'GET', host: 'a.example', path: '/', body_file: null, body_type: null } as const
  const render = (part: object) => () =>
    renderRequest({ request: { ...request, ...part }, referer: null, headers: [] }, undefined)
  assert.throws(render({ host: 'a\r\nX: y' }), /the header Host has a control character/)
  assert.throws(render({ path: '/ HTTP/1.1\r\nX: y' }), /cannot be requested/)
  assert.throws(render({ path: 'http://other/' }), /cannot be requested/)
})
