// A scripted SMTP server on one loopback port, which it prints; then the lines it gets. argv: STAGE REPLY
//   STAGE greeting ehlo auth mail rcpt data text: there, REPLY is sent in place of what is right;
//   REPLY `stall` says nothing more, `cut` hangs up, `flood` never ends its line. RCPT to good@… is always taken.
import { type AddressInfo, createServer, type Socket } from 'node:net'

const [wrongAt = '', wrong = ''] = process.argv.slice(2)

const RIGHT: Readonly<Record<string, string>> = {
  greeting: '220 scripted ESMTP',
  ehlo: '250-scripted\r\n250 AUTH PLAIN',
  auth: '235 welcome',
  mail: '250 ok',
  rcpt: '250 ok',
  data: '354 go on',
  text: '250 taken',
}

function say(socket: Socket, stage: string, line = '') {
  const text = stage === wrongAt && !line.includes('<good@') ? wrong : RIGHT[stage]
  if (text === 'stall') return
  if (text === 'cut') socket.destroy()
  else if (text === 'flood') flood(socket)
  else socket.write(`${text ?? '250 ok'}\r\n`)
}

function flood(socket: Socket) {
  while (!socket.destroyed && socket.write('2'.repeat(65536))) {} // until its buffer is full
  socket.once('drain', () => flood(socket))
}

const server = createServer(socket => {
  let rest = ''
  let text = false
  socket.on('error', () => {})
  socket.on('data', chunk => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      process.stdout.write(`${line}\n`)
      if (text) {
        if (line === '.') say(socket, 'text')
        if (line === '.') text = false
        continue
      }
      const stage = (line.split(' ')[0] ?? '').toLowerCase()
      text = stage === 'data' && wrongAt !== 'data'
      if (stage === 'quit') socket.end('221 bye\r\n')
      else say(socket, stage, line)
    }
  })
  say(socket, 'greeting')
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
