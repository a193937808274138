// A server that does wrong what its first argument says, on a free port that it prints; the zone file is its second.
import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

const [, , fault = '', file = ''] = process.argv
const body = file === '' ? Buffer.alloc(0) : readFileSync(file)

function head(status: string, fields: Record<string, string | number>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status}\r\n${lines.join('')}Connection: close\r\n\r\n`
}

function trickle(socket: Socket, bytes: Uint8Array, ms: number): void {
  let at = 0
  const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), ms)
  socket.on('close', () => clearInterval(timer))
}

function flood(socket: Socket): void {
  const chunk = Buffer.alloc(65536, ';')
  const more = () => {
    while (socket.writable && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

const FAULTS: Readonly<Record<string, (socket: Socket) => void>> = {
  good: socket => socket.end(Buffer.concat([Buffer.from(head('200 OK', { 'Content-Length': body.length })), body])),
  'no-length': socket => socket.end(Buffer.concat([Buffer.from(head('200 OK', {})), body])),
  truncated(socket) {
    socket.write(head('200 OK', { 'Content-Length': body.length }))
    socket.end(body.subarray(0, body.length >> 1))
  },
  'short-length': socket => socket.end(Buffer.concat([Buffer.from(head('200 OK', { 'Content-Length': 300 })), body])),
  'long-length': socket =>
    socket.end(Buffer.concat([Buffer.from(head('200 OK', { 'Content-Length': body.length + 1 })), body])),
  html(socket) {
    const page = '<html><body>It works!</body></html>\n'
    socket.end(head('200 OK', { 'Content-Type': 'text/html', 'Content-Length': page.length }) + page)
  },
  error: socket => socket.end(head('500 Internal Server Error', { 'Content-Length': 0 })),
  redirect: socket => socket.end(head('302 Found', { Location: 'http://192.0.2.1/', 'Content-Length': 0 })),
  'not-modified': socket => socket.end(head('304 Not Modified', {})),
  trickle(socket) {
    socket.write(head('200 OK', { 'Content-Length': body.length }))
    trickle(socket, body, 1000)
  },
  'trickle-head': socket => trickle(socket, Buffer.from(head('200 OK', { 'Content-Length': body.length })), 200),
  stall() {},
  endless(socket) {
    socket.write(head('200 OK', {}))
    flood(socket)
  },
  'endless-head'(socket) {
    socket.write('HTTP/1.1 200 OK\r\nX: ')
    flood(socket)
  },
  huge: socket => socket.write(head('200 OK', { 'Content-Length': 1024 ** 4 })),
  'bad-gzip': socket =>
    socket.end(head('200 OK', { 'Content-Encoding': 'gzip', 'Content-Length': 9 }) + '\x1f\x8bgarbage', 'latin1'),
  'cut-gzip'(socket) {
    const zipped = gzipSync(body).subarray(0, -20)
    const start = head('200 OK', { 'Content-Encoding': 'gzip', 'Content-Length': zipped.length })
    socket.end(Buffer.concat([Buffer.from(start), zipped]))
  },
  bomb(socket) {
    const start = head('200 OK', { 'Content-Encoding': 'gzip', 'Content-Length': zipped.length })
    socket.end(Buffer.concat([Buffer.from(start), zipped]))
  },
  brotli: socket => socket.end(head('200 OK', { 'Content-Encoding': 'br', 'Content-Length': 0 })),
  'no-http': socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  hangup: socket => socket.destroy(),
}

// Made before the server listens: it takes seconds on a busy host.
const zipped = fault === 'bomb' ? gzipSync(Buffer.alloc(100_000_000, ';')) : Buffer.alloc(0)
const misbehave = FAULTS[fault]
if (misbehave === undefined) throw new Error(`no such fault: ${fault}`)
const server = createServer(socket => {
  socket.on('error', () => {})
  socket.once('data', () => misbehave(socket))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
