// An agent that is asked how it is, on the Unix socket PATH. argv: PATH [FILE]; it says `ready`, then each question.
//   How it answers is in FILE, read at each question: `stall` not at all, `close` hangs up, `half` hangs up in the middle,
//   `flood` never ends its line, `long` one byte too many, `longest` as many as there may be, `drip` a byte each 0.4 s, else
//   the text of FILE itself.
import { readFileSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'

const [path = '', file = ''] = process.argv.slice(2)

function flood(socket: Socket): void {
  const more = () => {
    while (socket.writable && socket.write('x'.repeat(65_536)));
  }
  socket.on('drain', more)
  more()
}

function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write('.'), 400)
  socket.on('close', () => clearInterval(timer))
}

const WAYS: Readonly<Record<string, (socket: Socket) => void>> = {
  stall: () => {},
  close: socket => socket.end(),
  half: socket => socket.end('goo'),
  flood,
  drip,
  long: socket => socket.write(`good${'x'.repeat(124)}\r\n`),
  longest: socket => socket.write(`good${'x'.repeat(123)}\r\n`),
}

rmSync(path, { force: true })
createServer(socket => {
  socket.on('error', () => {})
  socket.on('data', chunk => {
    process.stdout.write(`${JSON.stringify(chunk.toString())}\n`)
    const way = readFileSync(file, 'utf8').trim()
    const answer = WAYS[way] ?? (() => socket.write(`${way}\r\n`))
    answer(socket)
  })
}).listen(path, () => process.stdout.write('ready\n'))
