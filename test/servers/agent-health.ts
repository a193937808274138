// An agent that is asked how it is, on the Unix socket PATH. argv: PATH [FILE]; it says `ready`, then each question.
//   How it answers is in FILE, read at each question: `stall` not at all, `close` hangs up, `half` hangs up in the middle,
//   `flood` never ends its line, `long` one byte too many, `longest` as many as there may be, `drip` a byte each 0.4 s, else
//   the text of FILE itself. Of more lines than one each is for one question, and the last one for all that come then.
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

let asked = 0

function way(): string {
  const ways = readFileSync(file, 'utf8').trim().split('\n')
  return ways[Math.min(asked++, ways.length - 1)] ?? ''
}

rmSync(path, { force: true })
createServer(socket => {
  socket.on('error', () => {})
  socket.on('data', chunk => {
    process.stdout.write(`${JSON.stringify(chunk.toString())}\n`)
    const text = way()
    const answer = WAYS[text] ?? (() => socket.write(`${text}\r\n`))
    answer(socket)
  })
}).listen(path, () => process.stdout.write('ready\n'))
