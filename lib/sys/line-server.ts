import { createServer, type Server, type Socket } from 'node:net'
import { reasonOf } from '../errors.ts'
import { putSocket } from './line-place.ts'
import type { LineClient, LineServerOptions } from './line-server-options.ts'
import { nowAndThen } from './now-and-then.ts'

export type { LineClient, LineServerOptions } from './line-server-options.ts'

/** A server of lines. */
export interface LineServer {
  /** Closes all, and takes its socket away where it is still its own. */
  close(): void
}

/** So many of those that are refused may stay until they have read why; the others are just closed. */
const REFUSED_MOST = 8
const SECOND_MS = 1000
/** Who has spoken within so many seconds keeps its place. */
const EVICT_SECONDS = 1
const NOTHING = Buffer.alloc(0)
const LINE_END = 10

/**
 * Serves lines on a Unix socket: each line of each client gets its answer, in order, or none; empty lines are nothing.
 * What one client does, or leaves undone, never throws and never holds up another one. Throws as `putSocket` does.
 */
export async function listenLines(options: LineServerOptions): Promise<LineServer> {
  const lines = new Lines(options)
  await lines.listen()
  return lines
}

class Lines implements LineServer {
  readonly #options: LineServerOptions
  readonly #clients = new Map<Socket, LineClient>()
  readonly #server: Server
  readonly #refused: () => void
  #failure = ''
  #sweeper: NodeJS.Timeout | undefined
  #resumer: NodeJS.Timeout | undefined
  #remove = () => {}

  constructor(options: LineServerOptions) {
    const { path, clients, log } = options
    this.#options = options
    // With so low a mark there is a 'drain' after every answer, also after a short one that the kernel did not take.
    this.#server = createServer({ allowHalfOpen: true, highWaterMark: 1 }, socket => this.#accept(socket))
    this.#refused = nowAndThen(times => log('warn', `'${path}': ${clients} clients already, refused ${times}`))
  }

  async listen(): Promise<void> {
    const { path, mode, log } = this.#options
    this.#remove = await putSocket(this.#server, path, mode)
    const failed = nowAndThen(times =>
      log('error', `'${path}': unable to accept a client (${times} times): ${this.#failure}`),
    )
    this.#server.on('error', error => {
      this.#failure = reasonOf(error) // no descriptor left, for one: it goes on with the next client
      failed()
    })
  }

  close(): void {
    clearInterval(this.#sweeper)
    clearTimeout(this.#resumer)
    this.#remove()
    this.#server.close()
    // What has just been answered to those that waited goes out in this turn of the loop.
    for (const { socket, busy } of this.#clients.values()) {
      if (busy) setImmediate(() => socket.destroy())
      else socket.destroy()
    }
    this.#clients.clear()
  }

  #accept(socket: Socket): void {
    const { clients, refuse, idleSeconds, evicts } = this.#options
    if (evicts === true && this.#clients.size >= clients) this.#evict()
    const count = this.#clients.size
    if (count >= clients) this.#refused()
    if (count >= clients + REFUSED_MOST) return void socket.destroy()
    const since = process.uptime()
    const client = { socket, rest: NOTHING, since, busy: false, ended: false, closing: false, read: 0, readAt: 0 }
    this.#clients.set(socket, client)
    socket.on('error', destroy).on('close', () => this.#forget(socket))
    socket.on('data', (chunk: Buffer) => this.#take(client, chunk))
    socket.on('drain', () => this.#pump(client))
    socket.on('end', () => {
      client.ended = true
      this.#pump(client)
    })
    this.#sweeper ??= setInterval(() => this.#sweep(), (idleSeconds * SECOND_MS) / 4)
    if (count >= clients) this.#dismiss(client, refuse('again', `there are ${clients} clients already`))
  }

  /** Whoever holds a place and says nothing keeps nobody out. */
  #evict(): void {
    let silent: LineClient | undefined
    for (const client of this.#clients.values()) {
      const isIdle = !client.busy && client.socket.writableLength === 0
      if (isIdle && client.since < (silent?.since ?? process.uptime() - EVICT_SECONDS)) silent = client
    }
    if (silent === undefined) return
    this.#clients.delete(silent.socket)
    silent.socket.destroy()
  }

  #forget(socket: Socket): void {
    this.#clients.delete(socket)
    if (this.#clients.size > 0) return
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }

  #take(client: LineClient, chunk: Buffer): void {
    const second = Math.floor(process.uptime())
    client.read = (client.readAt === second ? client.read : 0) + chunk.length
    client.readAt = second
    if (client.read > this.#options.bytesPerSecond) {
      client.socket.pause()
      this.#resumer ??= setTimeout(() => this.#resume(), SECOND_MS)
    }
    if (client.closing) {
      if (chunk.includes(LINE_END)) client.socket.destroySoon()
      return
    }
    client.rest = client.rest.length === 0 ? chunk : Buffer.concat([client.rest, chunk])
    this.#pump(client)
  }

  /** A second has passed for those that sent too much in it. */
  #resume(): void {
    this.#resumer = undefined
    for (const client of this.#clients.values()) {
      client.read = 0
      if (!isHeld(client)) client.socket.resume()
    }
  }

  /** Takes line after line, until an answer is waited for, or for its reader. */
  #pump(client: LineClient): void {
    const { lineBytes, refuse, bytesPerSecond } = this.#options
    while (!isHeld(client) && !client.closing) {
      const at = client.rest.indexOf(LINE_END)
      const end = at < 0 ? client.rest.length : at
      const size = client.rest[end - 1] === 13 ? end - 1 : end
      if (size > lineBytes) {
        this.#dismiss(client, refuse('data', `the line has more than ${lineBytes} bytes`))
        break
      }
      if (at < 0 && !client.ended) break
      const line = client.rest.toString('utf8', 0, size)
      client.rest = at < 0 ? NOTHING : client.rest.subarray(at + 1)
      if (size > 0) this.#answer(client, line)
      else if (at < 0) return void client.socket.destroySoon()
    }
    if (isHeld(client)) return void client.socket.pause()
    // A line that is not whole yet does not keep the whole chunk that it came in.
    client.rest = client.rest.length === 0 ? NOTHING : Buffer.from(client.rest)
    if (client.read <= bytesPerSecond) client.socket.resume()
  }

  #answer(client: LineClient, line: string): void {
    client.since = process.uptime()
    try {
      const answer = this.#options.onLine(line, client)
      if (answer instanceof Promise) this.#await(client, answer)
      else this.#reply(client, answer)
    } catch (error) {
      this.#failed(client, error)
    }
  }

  #await(client: LineClient, answer: Promise<string | null>): void {
    client.busy = true
    answer.then(
      text => {
        client.busy = false
        this.#reply(client, text)
        this.#pump(client)
      },
      error => this.#failed(client, error),
    )
  }

  #reply(client: LineClient, text: string | null): void {
    const { socket } = client
    if (text === null || !socket.writable) return
    client.since = process.uptime()
    socket.write(`${text}\n`)
    if (socket.writableLength > this.#options.answerBytes) socket.destroy()
  }

  #failed({ socket }: LineClient, error: unknown): void {
    this.#options.log('error', `'${this.#options.path}': a client was dropped: ${reasonOf(error)}`)
    socket.destroy()
  }

  /** Tells it why, and throws away the rest of its line: closed at once, it might not get to read why. */
  #dismiss(client: LineClient, text: string): void {
    const isWhole = client.rest.includes(LINE_END)
    client.closing = true
    client.rest = NOTHING
    client.socket.end(`${text}\n`)
    if (isWhole || client.ended) client.socket.destroySoon()
  }

  #sweep(): void {
    const oldest = process.uptime() - this.#options.idleSeconds
    for (const { socket, busy, since } of this.#clients.values()) if (!busy && since < oldest) socket.destroy()
  }
}

function isHeld({ busy, socket }: LineClient): boolean {
  return busy || socket.writableLength > 0
}

function destroy(this: Socket): void {
  this.destroy()
}
