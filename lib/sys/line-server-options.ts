import type { Socket } from 'node:net'

/** How a line server serves. */
export interface LineServerOptions {
  /** The Unix socket; at most SOCKET_PATH_MOST bytes. */
  readonly path: string
  readonly mode: number
  /** The longest line, in bytes, without its end. */
  readonly lineBytes: number
  /** How much of the answers a client may leave unread, in bytes, before it is dropped. */
  readonly answerBytes: number
  /** As many at a time; one more is told so. */
  readonly clients: number
  /** One more takes the place of the one that has been silent for longest, where nothing is due to that. */
  readonly evicts?: boolean
  /** Without a whole line, or without reading an answer, for so long: it is closed. */
  readonly idleSeconds: number
  /** How much is read of one client in a second, in bytes; the rest waits in its own buffers. */
  readonly bytesPerSecond: number
  /** The answer to one line; null: none. The next line of the same client waits for it. */
  readonly onLine: (line: string, client: LineClient) => string | null | Promise<string | null>
  /** The line that says why a client is not served: 'data' its line is too long, 'again' too many clients. */
  readonly refuse: (fault: 'data' | 'again', text: string) => string
  readonly log: (level: 'warn' | 'error', text: string) => void
}

/** One client, for its server alone: data, without a function of its own. */
export interface LineClient {
  readonly socket: Socket
  /** What has come and was not taken as a line yet. */
  rest: Buffer
  /** When its last line came or its last answer went, in seconds since the program began. */
  since: number
  /** An answer is being made. */
  busy: boolean
  /** It will send no more. */
  ended: boolean
  /** It is told no more, and what comes is thrown away up to the end of the line. */
  closing: boolean
  /** Bytes read in the second of `readAt`, since the program began. */
  read: number
  readAt: number
}
