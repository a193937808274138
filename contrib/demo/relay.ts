// The demo's relay where there is no nginx: relay.ts ADDRESS PORT FILE BYTES-A-SECOND (0: no limit).
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const [address = '127.0.0.1', port = '0', file = '', rate = '0'] = process.argv.slice(2)
const body = readFileSync(file)
const chunk = Number(rate) > 0 ? Math.ceil(Number(rate) / 50) : body.length

createServer(async (request, response) => {
  if (request.headers.host?.replace(/:.*/, '') !== 'fake.com') return void response.writeHead(404).end()
  response.writeHead(200, { 'content-length': body.length })
  for (let at = 0; at < body.length && !response.destroyed; at += chunk) {
    response.write(body.subarray(at, at + chunk))
    if (chunk < body.length) await sleep(20)
  }
  response.end()
}).listen(Number(port), address)
