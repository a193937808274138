import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { openConnection, post } from '../../../lib/sys/http-post.ts'

/** A server that does so with each connection. */
async function serving(deed: (socket: Socket) => void, use: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    deed(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    await use(typeof address === 'object' && address !== null ? address.port : 0)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

const LIMITS = { timeout: 0.3, limit: 100 }
const request = (size: number) => ({ path: '/', headers: {}, body: Buffer.alloc(size) })

async function send(port: number, size = 10, limits = LIMITS) {
  const peer = { host: '127.0.0.1', port, trust: null }
  return post(await openConnection(peer, 5), peer, request(size), limits)
}

test('B54: a server that takes no more of the request, and one that gives no answer, are given up', async () => {
  await serving(
    socket => void socket.pause(),
    async port => {
      const message = 'the request was not taken within 0.3 seconds'
      await assert.rejects(send(port, 32 * 1024 ** 2), { fault: 'unavailable', message })
      await assert.rejects(send(port), { fault: 'unavailable', message: 'no whole answer within 0.3 seconds' })
    },
  )
})

test('B54: an answer that comes before the request is taken whole counts', async () => {
  const answer = 'HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'
  await serving(
    socket => void socket.pause().write(answer),
    async port => {
      const { status } = await send(port, 32 * 1024 ** 2, { timeout: 5, limit: 100 })
      assert.equal(status, 413)
    },
  )
})

const ANSWERS = [
  { title: '204', answer: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, body: '' },
  {
    title: '100 first',
    answer: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
  },
  {
    title: 'chunks',
    answer: 'HTTP/1.1 201 Made\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    status: 201,
    body: 'ok',
  },
  { title: 'no length', answer: 'HTTP/1.0 200 OK\r\n\r\nok', status: 200, body: 'ok' },
  {
    title: 'as large as it may be',
    answer: `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(100)}`,
    status: 200,
    body: 'x'.repeat(100),
  },
  {
    title: 'a body that is not wanted',
    answer: 'HTTP/1.1 404 No\r\nContent-Length: 999\r\n\r\n',
    status: 404,
    body: '',
  },
] as const

for (const { title, answer, status, body } of ANSWERS) {
  test(`B54: an answer: ${title}`, async () => {
    await serving(
      socket => void socket.once('data', () => socket.end(answer)),
      async port => {
        const reply = await send(port, 10, { timeout: 5, limit: 100 })
        assert.equal(reply.status, status)
        assert.equal(reply.body.toString(), body)
      },
    )
  })
}

test('B9: an answer of one byte more than it may have is refused', async () => {
  await serving(
    socket => void socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(101)}`)),
    async port => {
      const message = 'the answer is larger than 100 bytes'
      await assert.rejects(send(port, 10, { timeout: 5, limit: 100 }), { fault: 'data', message })
    },
  )
})
