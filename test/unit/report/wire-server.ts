import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const repository = join(import.meta.dirname, '../../..')

/** Bytes as they went over the wire, a character each; the values are those of the examples in the source document. */
export function recorded(name: string): string {
  return readFileSync(join(repository, 'test/fixtures/wire', name), 'latin1')
}

/** A server that answers each connection with the next of these, and keeps what it was sent. */
export async function serving(
  answers: readonly string[],
  use: (port: number) => Promise<void>,
): Promise<readonly string[]> {
  const taken: string[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    const answer = answers[taken.length] ?? ''
    const at = taken.push('') - 1
    socket.setEncoding('latin1').on('data', (text: string) => {
      taken[at] += text
      const [head = '', body = ''] = (taken[at] ?? '').split(/(?<=\r\n\r\n)/)
      if (body.length >= Number(/Content-Length: (\d+)/.exec(head)?.[1])) socket.end(answer, 'latin1')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    await use(typeof address === 'object' && address !== null ? address.port : 0)
  } finally {
    server.close()
  }
  return taken
}

/** What the command itself has sent over a socket, and written. */
export interface Exchanged {
  readonly sent: readonly string[]
  readonly records: readonly Record<string, unknown>[]
  readonly stderr: string
  readonly port: number
}

/** Runs agent-report itself on a snapshot, with a server that gives these answers. */
export async function exchange(snapshot: object, answers: readonly string[]): Promise<Exchanged> {
  let out = ''
  let stderr = ''
  let port = 0
  const sent = await serving(answers, async free => {
    port = free
    const child = spawn(join(repository, 'bin/agent-report'), { stdio: 'pipe' })
    child.stdin.end(`${JSON.stringify({ ...snapshot, servers: [`127.0.0.1:${port}`] })}\n`)
    ;[out, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  })
  const records = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  return { sent, records, stderr, port }
}
