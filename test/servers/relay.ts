// Relays that misbehave: each MODE of the command line listens on an address of its own, 127.0.1.1, 127.0.1.2, …, all
// on the port that is printed. Requests are printed as JSON strings, so that a test can look at every byte of them.
import { createServer, type Server, type Socket } from 'node:net'

const OK = 'HTTP/1.1 200 OK\r\n'

/** For `every-second`, whose first answer is a 503. */
let asked = 0

/** What a relay does with a connection once the head of a request is there. */
const MODES: Readonly<Record<string, (socket: Socket) => void>> = {
  good: socket => socket.end(`${OK}Content-Length: 1000\r\n\r\n${'x'.repeat(1000)}`),
  silent: () => {},
  'stall-head': socket => socket.write(`${OK}Content-Le`),
  'stall-body': socket => socket.write(`${OK}Content-Length: 2000\r\n\r\n${'x'.repeat(1000)}`),
  trickle: socket => {
    socket.write(`${OK}Content-Length: 2000\r\n\r\n`)
    const timer = setInterval(() => socket.write('x'), 1000)
    socket.on('close', () => clearInterval(timer))
  },
  cut: socket => socket.end(`${OK}Content-Length: 2000\r\n\r\n${'x'.repeat(1000)}`),
  'cut-chunk': socket => socket.end(`${OK}Transfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(1000)}`),
  reset: socket => socket.write(`${OK}Content-Length: 2000\r\n\r\n${'x'.repeat(1000)}`, () => socket.resetAndDestroy()),
  'reset-head': socket => socket.resetAndDestroy(),
  close: socket => socket.end(),
  long: socket => socket.end(`${OK}Content-Length: 1000\r\n\r\n${'x'.repeat(3000)}`),
  'until-close': socket => socket.end(`${OK}\r\n${'x'.repeat(1000)}`),
  'half-close': socket => {
    socket.end(`${OK}\r\n${'x'.repeat(1000)}`) // and never closes what it reads
  },
  'flood-head': socket => {
    socket.write(OK)
    const more = () => {
      while (!socket.destroyed && socket.write(`X-Flood: ${'x'.repeat(8000)}\r\n`));
    }
    socket.on('drain', more)
    more()
  },
  garbage: socket => socket.end('SSH-2.0-OpenSSH_9.9\r\n'),
  chunked: socket =>
    socket.end(`${OK}Transfer-Encoding: chunked\r\n\r\n3e8;a=b\r\n${'x'.repeat(1000)}\r\n0\r\nA: b\r\n\r\n`),
  informational: socket => {
    socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
    socket.end(`${OK}Content-Length: 1000\r\n\r\n${'x'.repeat(1000)}`)
  },
  redirect: socket => socket.end('HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n'),
  head: socket => socket.write(`${OK}Content-Length: 1000\r\n\r\n`),
  'every-second': socket => {
    if (asked++ % 2 === 0) socket.end('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n')
    else MODES['good']?.(socket)
  },
  full: socket => MODES['good']?.(socket), // with the shortest queue: the test stops it, and fills that
}

function listen(mode: string, address: string, port: number): Promise<Server> {
  const answer = MODES[mode]
  if (answer === undefined) throw new Error(`no mode '${mode}'`)
  const server = createServer({ allowHalfOpen: true }, socket => {
    let head = ''
    let answered = false
    socket.on('error', () => {})
    socket.on('data', piece => {
      head += piece.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (answered || end < 0) return
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
      if (head.length < end + 4 + length) return
      answered = true
      process.stdout.write(`${JSON.stringify(head)}\n`)
      answer(socket)
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: address, backlog: mode === 'full' ? 1 : 511 }, () => resolve(server))
  })
}

const [first = 'good', ...others] = process.argv.slice(2)
const server = await listen(first, '127.0.1.1', 0)
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0
for (const [i, mode] of others.entries()) await listen(mode, `127.0.1.${i + 2}`, port)
process.stdout.write(`${port}\n`)
