import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

/** One way to answer wrongly; `body` is what the right answer would be, `detail` what stands after the colon. */
interface Fault {
  readonly help: string
  readonly answer: (response: ServerResponse, body: string, detail: string) => void
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

/** The ways to answer wrongly, by name. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  stall: { help: 'take the request and never answer', answer: () => {} },
  cut: {
    help: 'close in the midst of the answer',
    answer(response, body) {
      response.writeHead(200, { ...JSON_TYPE, 'Content-Length': body.length + 10 }).write(body)
      setTimeout(() => response.destroy(), 20)
    },
  },
  hangup: { help: 'close without an answer', answer: response => void response.destroy() },
  500: {
    help: 'status 500, as a broken application',
    answer: response => void response.writeHead(500, { 'Content-Type': 'text/plain' }).end('Internal Server Error\n'),
  },
  garbage: { help: 'what is no HTTP', answer: response => void response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n') },
  html: {
    help: 'status 200 with a page',
    answer: response => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>It works!</html>\n'),
  },
  json: {
    help: 'status 200 with the JSON after the colon (default: null)',
    answer: (response, _body, detail) => void response.writeHead(200, JSON_TYPE).end(detail || 'null'),
  },
  empty: { help: 'status 200 with nothing', answer: response => void response.writeHead(200, JSON_TYPE).end() },
  deep: {
    help: 'JSON of 30,000 lists inside one another',
    answer: response =>
      void response.writeHead(200, JSON_TYPE).end(`{"status":0,"tasks":${'['.repeat(3e4)}${']'.repeat(3e4)}}`),
  },
  huge: {
    help: 'the right answer with 1 MiB of blanks after it',
    answer: (response, body) => void response.writeHead(200, JSON_TYPE).end(body + ' '.repeat(1024 ** 2)),
  },
  endless: {
    help: 'an answer that never ends',
    answer(response) {
      response.writeHead(200, JSON_TYPE)
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(65536)));
      }
      response.on('drain', more)
      more()
    },
  },
  bomb: {
    help: 'a little gzip that is 100 MB unpacked',
    answer: response =>
      void response
        .writeHead(200, { ...JSON_TYPE, 'Content-Encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(100_000_000, ' '))),
  },
  slow: {
    help: 'one byte of the answer in a second',
    answer(response, body) {
      response.writeHead(200, JSON_TYPE)
      let at = 0
      const timer = setInterval(() => (at < body.length ? response.write(body.charAt(at++)) : response.end()), 1000)
      response.on('close', () => clearInterval(timer))
    },
  },
  redirect: {
    help: 'status 302 to the URL after the colon',
    answer: (response, _body, detail) => void response.writeHead(302, { Location: detail }).end(),
  },
}

/** A fault as it is asked for, `NAME` or `NAME:DETAIL`; throws a plain Error where there is none of that name. */
export function toFault(text: string): {
  readonly name: string
  readonly answer: (response: ServerResponse, body: string) => void
} {
  const [name = '', ...rest] = text.split(':')
  const fault = FAULTS[name]
  if (fault === undefined) throw new Error(`'${name}' is no fault: ${Object.keys(FAULTS).join(' ')}`)
  return { name, answer: (response, body) => fault.answer(response, body, rest.join(':')) }
}
