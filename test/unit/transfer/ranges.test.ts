import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planPieces, Spans } from '../../../lib/transfer/ranges.ts'

const K = 64 * 1024

test('B50: what is there is kept in order, joined where parts touch', () => {
  const spans = new Spans([
    [10, 20],
    [0, 5],
  ])
  assert.deepEqual(
    [spans.list, spans.bytes, spans.prefix],
    [
      [
        [0, 5],
        [10, 20],
      ],
      15,
      5,
    ],
  )
  spans.add(5, 10)
  assert.deepEqual([spans.list, spans.bytes, spans.prefix], [[[0, 20]], 20, 20])
  spans.add(7, 7)
  assert.deepEqual(spans.list, [[0, 20]])
  assert.equal(new Spans([[1, 2]]).prefix, 0)
  assert.deepEqual(
    [0, 1, 2].map(at => new Spans([[1, 2]]).has(at)),
    [false, true, false],
  )
})

test('B50: pieces: one a connection, none of less than 64 KB, nothing that is there', () => {
  assert.deepEqual(planPieces(new Spans(), 0, 4), [])
  assert.deepEqual(planPieces(new Spans(), 100, 4), [{ from: 0, to: 100 }])
  assert.deepEqual(
    planPieces(new Spans(), 4 * K, 4).map(({ from }) => from),
    [0, K, 2 * K, 3 * K],
  )
  assert.deepEqual(planPieces(new Spans([[0, K]]), 2 * K, 1), [{ from: K, to: 2 * K }])
})

test('B50: pieces and what is there are the whole file, without an overlap', () => {
  const span = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([a, b]): [number, number] => [a * K, (a + b) * K])
  fc.assert(
    fc.property(fc.array(span), fc.nat(3000 * K), fc.integer({ min: 1, max: 16 }), (list, size, connections) => {
      const there = new Spans(list.map(([from, to]) => [Math.min(from, size), Math.min(to, size)]))
      const before = there.bytes
      const pieces = planPieces(there, size, connections)
      let sum = 0
      for (const { from, to } of pieces) {
        assert.ok(to !== null && from < to && to <= size)
        sum += to - from
        there.add(from, to)
      }
      assert.equal(sum + before, size)
      assert.equal(there.prefix, size)
    }),
  )
})
