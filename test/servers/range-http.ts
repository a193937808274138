// A web server that gives parts of a file, on a free loopback port that it prints, and does wrong what its argument says.
// Each request is a line on stderr: the path, the range, and the login.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const [, , fault = '', size = '300000', other = ''] = process.argv
const body = Buffer.alloc(Number(size), 'ftp-get ')
let asked = 0

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const FAULTS: Readonly<Record<string, Answer>> = {
  good: (request, response) => part(request, response, '"one"'),
  changed: (request, response) => part(request, response, `"${Math.min(++asked, 2)}"`),
  'changed-size'(request, response) {
    const told = ++asked > 1 ? body.length + 1 : body.length
    part(request, response, '"one"', told)
  },
  'no-more-ranges'(request, response) {
    if (++asked > 1) delete request.headers.range
    part(request, response, '"one"')
  },
  packed(request, response) {
    response.setHeader('content-encoding', 'gzip')
    part(request, response, '"one"')
  },
  'other-part'(request, response) {
    if (++asked > 1) request.headers.range = 'bytes=7-'
    part(request, response, '"one"')
  },
  cut(request, response) {
    if (++asked > 1) setTimeout(() => response.destroy(), 200)
    part(request, response, '"one"', body.length, ++asked > 2 ? 100_000 : body.length)
  },
  short(request, response) {
    part(request, response, '"one"', body.length, request.headers.range === 'bytes=0-0' ? 1 : body.length / 2)
    if (request.headers.range !== 'bytes=0-0') setImmediate(() => response.socket?.end())
  },
  'stall-body': (request, response) => part(request, response, '"one"', body.length, 1000),
  drip(request, response) {
    part(request, response, '"one"', body.length, 0)
    let at = 0
    const timer = setInterval(() => response.write(body.subarray(at, ++at)), 100)
    response.on('close', () => clearInterval(timer))
  },
  loop: (_, response) => response.writeHead(302, { location: `/again/${++asked}` }).end(),
  'to-ftp': (_, response) => response.writeHead(302, { location: 'ftp://127.0.0.1/file' }).end(),
  'to-file': (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  'to-nowhere': (_, response) => response.writeHead(302).end(),
  'to-other': (_, response) => response.writeHead(302, { location: other }).end(),
  'to-self'(request, response) {
    if (request.url === '/file') response.writeHead(301, { location: '/there' }).end()
    else part(request, response, '"one"')
  },
  missing: (_, response) => response.writeHead(404).end('not here'),
  forbidden: (_, response) => response.writeHead(403).end(),
  chunked: (_, response) => response.writeHead(200).write(body, () => response.end()),
}

/** Gives what was asked for; `most` bytes of it, and then nothing more. */
function part(request: IncomingMessage, response: ServerResponse, etag: string, told = body.length, most = told): void {
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const condition = request.headers['if-range']
  const from = match === null ? 0 : Number(match[1])
  const to = match === null || match[2] === '' ? body.length : Number(match[2]) + 1
  const isPart = match !== null && (condition === undefined || condition === etag)
  const piece = isPart ? body.subarray(from, to) : body
  const range = isPart ? { 'content-range': `bytes ${from}-${to - 1}/${told}` } : {}
  response.writeHead(isPart ? 206 : 200, { etag, 'content-length': piece.length, ...range })
  if (piece.length <= most) response.end(piece)
  else response.write(piece.subarray(0, most))
}

const misbehave = FAULTS[fault]
if (misbehave === undefined) throw new Error(`no such fault: ${fault}`)
const server = createServer((request, response) => {
  const login = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64')
  process.stderr.write(`${request.url} ${request.headers.range ?? '-'} ${login.length === 0 ? '-' : login}\n`)
  misbehave(request, response)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
