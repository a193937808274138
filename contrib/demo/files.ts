// The demo's servers where there is no vsftpd and no nginx: files.ts DIRECTORY FTP-PORT HTTP-PORT serves what is there on 127.0.0.1, to read.
import { readFileSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { basename, join } from 'node:path'

const [directory = '.', ftp = '0', http = '0'] = process.argv.slice(2)

function read(path: string): Buffer | null {
  try {
    return readFileSync(join(directory, basename(path)))
  } catch {
    return null
  }
}

createHttp((request, response) => {
  const body = read(request.url ?? '')
  response.writeHead(body === null ? 404 : 200).end(body)
}).listen(Number(http), '127.0.0.1')

/** One connection of FTP (RFC 959): each transfer has a listener of its own, which EPSV opens (RFC 2428). */
function serve(control: Socket): void {
  let data: Server | undefined
  let client: Promise<Socket> | undefined
  const say = (text: string) => void control.write(`${text}\r\n`)
  const answer = (command: string, word: string): string | undefined => {
    const body = read(word)
    switch (command) {
      case 'USER':
        return '230 welcome'
      case 'TYPE':
      case 'CWD':
        return '200 done'
      case 'REST':
        return word === '0' ? '350 from the start' : '502 only whole files'
      case 'SIZE':
        return body === null ? '550 no such file' : `213 ${body.length}`
      case 'EPSV':
        data = createServer().listen(0, '127.0.0.1', () => {
          const address = data?.address()
          say(`229 here (|||${typeof address === 'object' ? address?.port : 0}|)`)
        })
        client = new Promise(resolve => data?.once('connection', resolve)) // it may come before RETR
        return undefined
      case 'RETR':
        if (body === null || client === undefined) return '550 no such file'
        void client.then(socket => socket.end(body, () => say('226 that is all')))
        return '150 it comes'
      case 'QUIT':
        control.end()
        return '221 farewell'
      default:
        return '502 unknown'
    }
  }
  control.on('error', () => {})
  control.on('close', () => data?.close())
  say('220 ready')
  let rest = ''
  control.on('data', chunk => {
    const lines = (rest + chunk.toString()).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const text = answer(line.slice(0, 4).trim().toUpperCase(), line.slice(4).trim())
      if (text !== undefined) say(text)
    }
  })
}
createServer(serve).listen(Number(ftp), '127.0.0.1')
