/** The most a status line, one header, or a chunk's size line may be, in bytes. */
export const LINE_MOST = 16 * 1024
/** The most all headers (or trailers) of one response may be together, interim responses included, in bytes. */
export const HEAD_MOST = 64 * 1024

/** What the reader wants after a piece: more, nothing (it has all it wants), or out (this is no HTTP). */
export type Verdict = 'more' | 'done' | 'bad'

const LF = 10
type State =
  | 'status'
  | 'header'
  | 'length'
  | 'chunk-size'
  | 'chunk'
  | 'chunk-end'
  | 'trailer'
  | 'close'
  | 'done'
  | 'bad'

/** What of a response is kept: the headers, names in lower case, the last of a name, and the pieces of the body. */
export interface Kept {
  readonly headers: Map<string, string>
  readonly body: Buffer[]
}

/**
 * Reads one HTTP/1.1 response (RFC 9112) that comes in pieces of any size. It counts the body and, without `kept`,
 * keeps none of it, so that it can be fed from one buffer that is used again at once. Done at the end of the body or
 * at `limit` bytes of it.
 */
export class ResponseReader {
  /** The status, three digits; `000` until there is one. */
  code = '000'
  /** Bytes of the body so far, without chunk sizes and trailers, never more than the limit or the Content-Length. */
  bytes = 0
  /** Why the verdict is 'bad'. */
  fault = ''
  /** True from the end of the final headers on. */
  headed = false
  readonly #limit: number
  readonly #withoutBody: boolean
  readonly #kept: Kept | undefined
  #state: State = 'status'
  #line = ''
  #headBytes = 0
  #left = 0
  #length: number | undefined
  #coding: 'none' | 'chunked' | 'other' = 'none'

  constructor(limit: number, verb: string, kept?: Kept) {
    this.#limit = limit
    this.#kept = kept
    this.#withoutBody = verb === 'HEAD'
  }

  /** Takes the first `size` bytes of `piece`. */
  feed(piece: Buffer, size: number): Verdict {
    let at = 0
    while (at < size) {
      switch (this.#state) {
        case 'done':
          return 'done'
        case 'bad':
          return 'bad'
        case 'close':
          at = this.#count(piece, size - at, at)
          break
        case 'length':
        case 'chunk':
          at = this.#countLeft(piece, size, at)
          break
        default:
          at = this.#readLine(piece, size, at)
      }
    }
    return this.#state === 'done' ? 'done' : this.#state === 'bad' ? 'bad' : 'more'
  }

  /** What it means that the peer closed here: a whole response, one whose body is cut short, or no response at all. */
  end(): 'whole' | 'short-body' | 'bad-response' {
    if (this.#state === 'done' || this.#state === 'close') return 'whole'
    if (this.#state === 'status' || this.#state === 'header' || this.#state === 'bad') return 'bad-response'
    return 'short-body'
  }

  #count(piece: Buffer, size: number, at: number): number {
    this.#kept?.body.push(piece.subarray(at, at + size))
    this.bytes += size
    if (this.bytes >= this.#limit) {
      this.bytes = this.#limit
      this.#state = 'done'
    }
    return at + size
  }

  #countLeft(piece: Buffer, size: number, at: number): number {
    const taken = Math.min(this.#left, size - at)
    this.#left -= taken
    if (this.#left === 0) this.#state = this.#state === 'length' ? 'done' : 'chunk-end'
    return this.#count(piece, taken, at)
  }

  #readLine(piece: Buffer, size: number, at: number): number {
    const found = piece.indexOf(LF, at)
    const end = found < 0 || found >= size ? size : found
    this.#headBytes += end - at
    if (this.#line.length + end - at > LINE_MOST || this.#headBytes > HEAD_MOST) {
      this.#fail('the headers are too long')
      return size
    }
    this.#line += piece.toString('latin1', at, end)
    if (end < size) {
      const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line
      this.#line = ''
      this.#take(line)
      return end + 1
    }
    if (this.#state === 'status' && !'HTTP/1.'.startsWith(this.#line.slice(0, 7))) this.#fail('not HTTP/1')
    return size
  }

  #take(line: string): void {
    switch (this.#state) {
      case 'status':
        this.#takeStatus(line)
        return
      case 'header':
        if (line === '') this.#startBody()
        else this.#takeHeader(line)
        return
      case 'chunk-size':
        this.#takeChunkSize(line)
        return
      case 'chunk-end':
        this.#headBytes = 0 // a limit on what is no body, not on how many chunks there are
        if (line === '') this.#state = 'chunk-size'
        else this.#fail('a chunk is longer than its size')
        return
      case 'trailer':
        if (line === '') this.#state = 'done'
    }
  }

  #takeStatus(line: string): void {
    const code = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(line)?.[1]
    if (code === undefined) {
      this.#fail('not an HTTP/1 status line')
      return
    }
    this.code = code
    this.#kept?.headers.clear()
    this.#state = 'header'
    this.#length = undefined
    this.#coding = 'none'
  }

  #takeHeader(line: string): void {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    this.#kept?.headers.set(name, line.slice(colon + 1).trim())
    if (name === 'content-length') {
      for (const text of line.slice(colon + 1).split(',')) {
        const length = /^[ \t]*\d{1,15}[ \t]*$/.test(text) ? Number(text) : undefined
        if (length === undefined || (this.#length !== undefined && this.#length !== length)) {
          this.#fail('a wrong Content-Length')
          return
        }
        this.#length = length
      }
    } else if (name === 'transfer-encoding') {
      this.#coding = /(?:^|,)[ \t]*chunked[ \t]*$/i.test(line.slice(colon + 1)) ? 'chunked' : 'other'
    }
  }

  /** RFC 9112, 6.3: which of the ways the body ends. */
  #startBody(): void {
    if (this.code.startsWith('1') && this.code !== '101') {
      this.#state = 'status'
      this.code = '000'
      return
    }
    this.headed = true
    this.#headBytes = 0
    const bodiless = this.#withoutBody || this.code === '101' || this.code === '204' || this.code === '304'
    if (bodiless) this.#state = 'done'
    else if (this.#coding === 'chunked') this.#state = 'chunk-size'
    else if (this.#coding === 'other' || this.#length === undefined) this.#state = 'close'
    else if (this.#length === 0) this.#state = 'done'
    else {
      this.#left = this.#length
      this.#state = 'length'
    }
    if (this.#limit === 0) this.#state = 'done'
  }

  #takeChunkSize(line: string): void {
    const digits = /^([\da-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1]
    if (digits === undefined) {
      this.#fail('a wrong chunk size')
      return
    }
    this.#left = Number.parseInt(digits, 16)
    this.#state = this.#left === 0 ? 'trailer' : 'chunk'
  }

  #fail(fault: string): void {
    this.fault = fault
    this.#state = 'bad'
  }
}
