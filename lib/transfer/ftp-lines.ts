import { Client, FTPContext } from 'basic-ftp'

/** Of a reply, so many characters without a line end. */
const LINE_MOST = 64 * 1024

/**
 * Takes replies by whole lines: basic-ftp 6.2.3 takes the first piece of a line that the network split for all of it; and
 * those that are begun, but do not come to their end in the time that silence may last, for silence.
 */
class LineContext extends FTPContext {
  #rest = ''
  #of: unknown
  #late: NodeJS.Timeout | undefined

  protected override _onControlSocketData(chunk: string): void {
    // What came before TLS began is never taken for what came after it.
    const text = (this.#of === this.socket ? this.#rest : '') + chunk
    const end = text.lastIndexOf('\n') + 1
    this.#of = this.socket
    this.#rest = text.slice(end)
    if (this.#rest.length > LINE_MOST)
      this.closeWithError(new Error('FTP control response exceeded maximum allowed size'))
    else if (end > 0) super._onControlSocketData(text.slice(0, end))
    this.#watch(this.#rest !== '' || this._partialResponse !== '')
  }

  #watch(isUnfinished: boolean): void {
    if (!isUnfinished) {
      clearTimeout(this.#late)
      this.#late = undefined
      return
    }
    const late = () => this.closeWithError(new Error('Timeout (control socket)'))
    this.#late ??= setTimeout(late, this.timeout).unref()
  }
}

/** A client of basic-ftp that gets its replies by whole lines. */
export class LineClient extends Client {
  override readonly ftp: LineContext

  /** Milliseconds of silence. */
  constructor(timeout: number) {
    super(timeout)
    this.ftp = new LineContext(timeout)
  }
}
