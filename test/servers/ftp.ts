// A scripted FTP server on a free loopback port that it prints; its first argument says what it does wrong. Each command
// it gets is a line on stderr.
import { createServer, type Socket } from 'node:net'

const [, , fault = '', size = '300000'] = process.argv
const body = Buffer.alloc(Number(size), 'ftp-get ')

/** One client: what it is to be sent, and where. */
interface Session {
  readonly control: Socket
  data: Socket | undefined
  rest: number
}

type Answer = (session: Session, word: string) => string | undefined

const PLAIN: Readonly<Record<string, Answer>> = {
  USER: () => '331 password',
  PASS: () => '230 in',
  TYPE: () => '200 binary',
  CWD: () => '250 there',
  SIZE: () => `213 ${body.length}`,
  MDTM: () => '213 20261122030000',
  REST(session, word) {
    session.rest = Number(word)
    return '350 from there'
  },
  EPSV: session => passive(session, port => `229 Extended (|||${port}|)`),
  PASV: session => passive(session, port => `227 Passive (127,0,0,1,${port >> 8},${port & 255})`),
  RETR: session => send(session, socket => socket.end(body.subarray(session.rest))),
  QUIT: () => '221 bye',
}

let changes = 0

/** What is different; everything else is as it should be. */
const FAULTS: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  good: {},
  'no-greeting': {},
  'no-login': { PASS: () => '530 Login incorrect' },
  echo: { PASS: (_, word) => `530 No, not with ${word}` },
  changed: { MDTM: () => `213 2026112203000${changes++}` },
  'reply-60k': { CWD: () => `250 ${'x'.repeat(60_000)}` },
  'reply-70k': { CWD: () => `250 ${'x'.repeat(70_000)}` },
  'no-file': { RETR: () => '550 Failed to open file', SIZE: () => '550 no', MDTM: () => '550 no' },
  busy: { USER: () => '421 Too many users' },
  'stall-login': { PASS: () => undefined },
  'stall-data': { RETR: session => send(session, socket => socket.write(body.subarray(0, 1000)), null) },
  'no-226': { RETR: session => send(session, socket => socket.end(body.subarray(session.rest)), null) },
  drip: { RETR: session => send(session, socket => drip(socket, body, 100), null) },
  'drip-reply': {
    CWD({ control }) {
      control.write('250-first\r\n')
      drip(control, Buffer.from(' and so on and so on\r\n'.repeat(50)), 50)
      return undefined
    },
  },
  'short-data': { RETR: session => send(session, socket => socket.end(body.subarray(0, body.length / 2))) },
  'cut-data': {
    RETR: session => send(session, socket => socket.end(body.subarray(session.rest, body.length / 2)), '426 aborted'),
  },
  'long-data': { RETR: session => send(session, socket => socket.end(Buffer.concat([body, body]))) },
  'size-less': { SIZE: () => '213 1000' },
  'size-negative': { SIZE: () => '213 -1' },
  'size-huge': { SIZE: () => '213 99999999999999999999999' },
  'size-none': { SIZE: () => '500 what', MDTM: () => '500 what', REST: () => '502 no' },
  'rest-refused': {
    RETR(session) {
      if (session.rest === 0) return send(session, socket => socket.end(body))
      session.data?.resetAndDestroy()
      return '451 Restart not permitted'
    },
  },
  'other-host': {
    EPSV: () => '500 what',
    PASV: session => passive(session, port => `227 Passive (192,0,2,1,${port >> 8},${port & 255})`),
  },
  'other-port': { EPSV: () => '229 Extended (|||1|)', PASV: () => '227 Passive (127,0,0,1,0,1)' },
  nonsense: { EPSV: () => '229 no port at all', PASV: () => '227 none either' },
  'line-ends': { CWD: () => '550 no\r\n250 a reply of its own\r\n331 and another' },
  control: { CWD: () => '550 \x1b[31mred\x07 and more' },
  'long-reply': { CWD: () => `550 ${'x'.repeat(5000)}` },
  hangup: {
    TYPE(session) {
      session.control.destroy()
      return undefined
    },
  },
  flood: {
    CWD({ control }) {
      const more = () => {
        while (control.writable && control.write('250-and so on and so on and so on\r\n'));
      }
      control.on('drain', more)
      more()
      return undefined
    },
  },
}

/** A byte at a time, each so many milliseconds. */
function drip(socket: Socket, bytes: Buffer, ms: number): void {
  let at = 0
  const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), ms)
  socket.on('close', () => clearInterval(timer))
}

function passive(session: Session, tell: (port: number) => string): undefined {
  const server = createServer(socket => {
    socket.on('error', () => {})
    session.data = socket
    server.close()
    session.control.emit('data-connection')
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    reply(session.control, tell(typeof address === 'object' ? (address?.port ?? 0) : 0))
  })
  session.control.on('close', () => server.close())
}

function send(session: Session, give: (socket: Socket) => unknown, end: string | null = '226 done'): undefined {
  const begin = () => {
    const { data, control } = session
    if (data === undefined) return void control.once('data-connection', begin)
    reply(control, '150 it comes')
    data.on('close', () => {
      session.data = undefined
      if (end !== null) reply(control, end)
    })
    give(data)
  }
  begin()
}

/** Split: a byte at a time, as the network may do it. */
function reply(control: Socket, text: string): void {
  if (!control.writable) return
  if (fault !== 'split') return void control.write(`${text}\r\n`)
  control.setNoDelay()
  for (const byte of `${text.slice(0, 3)}-first\r\n more\r\n${text}\r\n`) control.write(byte)
}

const answers = { ...PLAIN, ...(fault === 'split' ? {} : FAULTS[fault]) }
if (fault !== 'split' && FAULTS[fault] === undefined) throw new Error(`no such fault: ${fault}`)
const server = createServer(control => {
  control.on('error', () => {})
  const session: Session = { control, data: undefined, rest: 0 }
  let text = ''
  control.on('data', piece => {
    text += piece.toString()
    for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n')) {
      const line = text.slice(0, at)
      text = text.slice(at + 2)
      process.stderr.write(`${line}\n`)
      const [verb = '', ...words] = line.split(' ')
      const answer = answers[verb]
      const said = answer === undefined ? '502 what' : answer(session, words.join(' '))
      if (said !== undefined) reply(control, said)
    }
  })
  if (fault !== 'no-greeting') reply(control, '220 here')
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
