import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeRound, type Seen } from '../../../../lib/origin/damping/blind.ts'

/** So many units that were up, of which the first fail; each at an address of its own unless `addresses` is given. */
function seen(units: number, failing: number, addresses = units): Seen[] {
  return Array.from({ length: units }, (_, i) => ({ ip: `192.0.2.${i % addresses}`, ok: i >= failing, wasUp: true }))
}

const peerSays = (down: boolean) => new Map(seen(10, 0).map(({ ip }) => [ip, down]))

for (const [title, input, blind, before, peer, expected] of [
  ['nothing fails', seen(10, 0), null, 0, null, [false, 0, false]],
  ['30 % pass at once', seen(10, 3), null, 0, null, [false, 0, false]],
  ['40 % wait', seen(10, 4), null, 0, null, [true, 1, false]],
  ['40 %, second round', seen(10, 4), null, 1, null, [true, 2, false]],
  ['40 %, third round: believed', seen(10, 4), null, 2, null, [false, 3, true]],
  ['40 %, the peer agrees', seen(10, 4), null, 0, peerSays(true), [false, 1, true]],
  ['40 %, the peer does not', seen(10, 4), null, 0, peerSays(false), [true, 1, false]],
  ['40 %, the peer does not, third round', seen(10, 4), null, 2, peerSays(false), [false, 3, true]],
  ['40 %, the peer knows none of them', seen(10, 4), null, 0, new Map(), [true, 1, false]],
  ['60 %: the peer is not asked', seen(10, 6), null, 0, peerSays(true), [true, 1, false]],
  ['60 %, third round', seen(10, 6), null, 2, null, [false, 3, true]],
  ['everything: not believed in the third round', seen(10, 10), null, 2, null, [true, 3, false]],
  ['everything: believed in the thirtieth', seen(10, 10), null, 29, null, [false, 30, true]],
  ['it is over', seen(10, 0), null, 2, null, [false, 0, false]],
  ['probe-ips says blind', seen(10, 4), 'x', 2, null, [true, 0, false]],
  ['one address with all units', seen(10, 10, 1), null, 0, null, [false, 0, true]],
  ['two addresses with all units', seen(10, 10, 2), null, 0, null, [true, 1, false]],
  ['2 of 5', seen(5, 2), null, 0, null, [true, 1, false]],
  ['nothing was up', seen(10, 10).map(one => ({ ...one, wasUp: false })), null, 0, null, [false, 0, false]],
  ['nothing was measured', [], null, 1, null, [false, 0, false]],
] as const) {
  test(`damping 8.2, blindness: ${title}`, () => {
    const { held, mass_rounds, confirmed } = judgeRound(input, blind, before, peer)
    assert.deepEqual([held !== null, mass_rounds, confirmed], expected)
  })
}

test('damping 8.2, blindness: one relay with most of the units, and strays beside it, are no mass failure', () => {
  const relay = Array.from({ length: 60 }, () => ({ ip: '192.0.2.99', ok: false, wasUp: true }))
  assert.equal(judgeRound([...relay, ...seen(40, 10)], null, 0, null).held, null)
  assert.notEqual(judgeRound([...relay, ...seen(40, 11)], null, 0, null).held, null)
})

test('damping 8.3: the counts for the write guard are distinct units that were up', () => {
  const units = [...seen(10, 4), { ip: 'x', ok: false, wasUp: false }]
  const { up_before, newly_down } = judgeRound(units, null, 0, null)
  assert.deepEqual([up_before, newly_down], [10, 4])
})
