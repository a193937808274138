import { connect, type Socket } from 'node:net'
import { CommandError, errnoOf, reasonOf } from '../errors.ts'

/** A connection to a server of lines. */
export interface LineConnection {
  /** One line of answer to one line; several are answered in order. Throws 'unavailable', 'again' or 'data'. */
  ask(line: string): Promise<string>
  /** Ends it; what was asked and not answered yet fails with 'unavailable'. */
  close(): void
}

/** The longest answer, in bytes: a thousand agents with all their configuration are a tenth of it. */
const ANSWER_MOST = 32 * 1024 * 1024

/**
 * Connects to a Unix socket that answers lines; `timeout` seconds for the connection and for each answer. Throws
 * 'unavailable' when nobody listens there, 'permission' when it may not be asked, 'again' when the time is over.
 */
export function openLines(path: string, timeout: number): Promise<LineConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    const fail = (error: Error) => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    const onError = (error: Error) => fail(connectError(path, error))
    const timer = setTimeout(
      () => fail(new CommandError('again', `'${path}': no connection within ${timeout} s`)),
      timeout * 1000,
    )
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      resolve(new Connection(socket, path, timeout))
    })
  })
}

function connectError(path: string, error: Error): CommandError {
  const code = errnoOf(error)
  const fault = code === 'EACCES' || code === 'EPERM' ? 'permission' : code === 'EAGAIN' ? 'again' : 'unavailable'
  return new CommandError(fault, `unable to connect to '${path}': ${reasonOf(error)}`, { cause: error })
}

interface Asked {
  readonly resolve: (line: string) => void
  readonly reject: (error: CommandError) => void
}

class Connection implements LineConnection {
  readonly #socket: Socket
  readonly #path: string
  readonly #timeout: number
  readonly #asked: Asked[] = []
  /** Lines that came unasked: a server that is full says so before it is asked. */
  readonly #early: string[] = []
  #chunks: Buffer[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  #over: CommandError | undefined

  constructor(socket: Socket, path: string, timeout: number) {
    this.#socket = socket
    this.#path = path
    this.#timeout = timeout
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', error => this.#end('unavailable', reasonOf(error)))
    socket.on('close', () => this.#end('unavailable', 'closed without an answer'))
  }

  ask(line: string): Promise<string> {
    const early = this.#early.shift()
    if (early !== undefined) return Promise.resolve(early)
    if (this.#over !== undefined) return Promise.reject(this.#over)
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject })
      if (this.#asked.length === 1) this.#wait()
      this.#socket.write(`${line}\n`)
    })
  }

  close(): void {
    this.#end('unavailable', 'closed by ourselves')
  }

  #take(chunk: Buffer): void {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#chunks.push(chunk.subarray(from, at))
      const line = Buffer.concat(this.#chunks).toString().replace(/\r$/, '')
      this.#chunks = []
      this.#bytes = 0
      from = at + 1
      this.#answered(line)
    }
    this.#chunks.push(chunk.subarray(from))
    this.#bytes += chunk.length - from
    if (this.#bytes > ANSWER_MOST) this.#end('data', `an answer has more than ${ANSWER_MOST} bytes`)
  }

  #answered(line: string): void {
    const asked = this.#asked.shift()
    if (asked === undefined) {
      if (this.#early.length === 0) this.#early.push(line)
      return
    }
    asked.resolve(line)
    clearTimeout(this.#timer)
    if (this.#asked.length > 0) this.#wait()
  }

  #wait(): void {
    const timeout = this.#timeout
    this.#timer = setTimeout(() => this.#end('again', `no answer within ${timeout} s`), timeout * 1000)
  }

  #end(fault: 'unavailable' | 'again' | 'data', reason: string): void {
    this.#over ??= new CommandError(fault, `'${this.#path}': ${reason}`)
    clearTimeout(this.#timer)
    this.#socket.destroy()
    for (const { reject } of this.#asked.splice(0)) reject(this.#over)
  }
}
