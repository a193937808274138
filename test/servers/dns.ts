// A scripted DNS server on UDP and TCP of one loopback port, which it prints. argv: WAY [ARGUMENT]…
//   serial N           answers with serial N          after SECS OLD NEW   OLD first, NEW after SECS
//   silent             never answers                  rcode N              an empty answer with this code
//   wrong-id N         an id that was not asked       garbage              bytes that are no DNS
//   tcp N              UDP says "truncated", TCP has  tcp-cut              UDP says "truncated", TCP hangs up
//   wrong-name N       answers another question       empty                NOERROR without a record
import { createSocket } from 'node:dgram'
import { type AddressInfo, createServer } from 'node:net'

const [way = '', ...rest] = process.argv.slice(2)
const [first = 0, second = 0, third = 0] = rest.map(Number)
const started = Date.now()

const RESPONSE = 0x8400
const TRUNCATED = 0x0200
const ROOT_SOA = Buffer.from([0, 0, 6, 0, 1])

function questionOf(query: Buffer): Buffer {
  let end = 12
  while ((query[end] ?? 0) !== 0) end += 1 + (query[end] ?? 0)
  return query.subarray(12, end + 5)
}

function answer(query: Buffer, options: { serial?: number; flags?: number; id?: number; question?: Buffer }): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(options.id ?? query.readUInt16BE(0), 0)
  header.writeUInt16BE(RESPONSE | (options.flags ?? 0), 2)
  header.writeUInt16BE(1, 4)
  const question = options.question ?? questionOf(query)
  if (options.serial === undefined) return Buffer.concat([header, question])
  header.writeUInt16BE(1, 6)
  const numbers = Buffer.alloc(20)
  numbers.writeUInt32BE(options.serial, 0)
  const data = Buffer.concat([Buffer.from([0, 0]), numbers]) // both names are the root
  const record = Buffer.concat([ROOT_SOA, Buffer.from([0, 0, 0, 60, 0, data.length]), data])
  return Buffer.concat([header, question, record])
}

function reply(query: Buffer, tcp: boolean): Buffer | undefined {
  switch (way) {
    case 'serial':
      return answer(query, { serial: first })
    case 'after':
      return answer(query, { serial: Date.now() - started < first * 1000 ? second : third })
    case 'rcode':
      return answer(query, { flags: first })
    case 'empty':
      return answer(query, {})
    case 'wrong-id':
      return answer(query, { serial: first, id: query.readUInt16BE(0) ^ 0x5555 })
    case 'wrong-name':
      return answer(query, { serial: first, question: Buffer.from([1, 120, 0, 0, 6, 0, 1]) })
    case 'garbage':
      return Buffer.alloc(40, 0xff)
    case 'tcp':
      return tcp ? answer(query, { serial: first }) : answer(query, { flags: TRUNCATED })
    case 'tcp-cut':
      return tcp ? undefined : answer(query, { flags: TRUNCATED })
    default:
      return undefined
  }
}

const tcp = createServer(socket => {
  socket.on('error', () => {})
  socket.once('data', (data: Buffer) => {
    const bytes = reply(data.subarray(2), true)
    if (bytes === undefined) {
      socket.destroy()
      return
    }
    const length = Buffer.alloc(2)
    length.writeUInt16BE(bytes.length, 0)
    socket.end(Buffer.concat([length, bytes]))
  })
})
tcp.listen(0, '127.0.0.1', () => {
  const { port } = tcp.address() as AddressInfo
  const udp = createSocket('udp4', (query, from) => {
    const bytes = reply(query, false)
    if (bytes !== undefined) udp.send(bytes, from.port, from.address)
  })
  udp.bind(port, '127.0.0.1', () => process.stdout.write(`${port}\n`))
})
