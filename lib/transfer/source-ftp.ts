import { isIP } from 'node:net'
import type { Writable } from 'node:stream'
import type { Client } from 'basic-ftp'
import { CommandError } from '../errors.ts'
import { addressesOf } from './addresses.ts'
import { isRefused, isRestRefused, type Telling, toFtpFault, toTlsFault } from './ftp-fault.ts'
import { LineClient } from './ftp-lines.ts'
import { parseSize, parseTime, toFtpPath } from './ftp-rules.ts'
import { loginOf } from './netrc.ts'
import type { Login, Place } from './place.ts'
import { EnoughError, RangeSink } from './range-sink.ts'
import { type Facts, type Manners, NoRangesError, type Range, type Site, type Source } from './source.ts'

const ANONYMOUS: Login = { user: 'anonymous', password: 'ftp-get@' }
const IMPLICIT_TLS_PORT = 990

/** A file of an FTP server; each connection logs in on its own (B50). */
export function ftpSite(place: Place, manners: Manners): Site {
  let addresses: Promise<readonly string[]> | undefined
  return () => {
    addresses ??= addressesOf(place.host, manners.timeout)
    return new FtpSource(place, manners, addresses)
  }
}

class FtpSource implements Source {
  readonly #place: Place
  readonly #manners: Manners
  readonly #addresses: Promise<readonly string[]>
  readonly #client: Client
  #looked = false
  #password = ''

  constructor(place: Place, manners: Manners, addresses: Promise<readonly string[]>) {
    this.#place = place
    this.#manners = manners
    this.#addresses = addresses
    this.#client = new LineClient(manners.timeout * 1000)
    addresses.catch(() => {}) // `look` meets it too
  }

  async look(ranges: boolean): Promise<Facts> {
    const { directory, name } = toFtpPath(this.#place.url.pathname)
    this.#looked = true
    const addresses = await this.#addresses
    return await this.#do(async () => {
      await this.#connect(addresses)
      await this.#login()
      await this.#client.send('TYPE I')
      if (directory !== '') await this.#client.send(`CWD ${directory}`)
      const size = await this.#client.sendIgnoringError(`SIZE ${name}`)
      const time = await this.#client.sendIgnoringError(`MDTM ${name}`)
      const facts = { size: parseSize(size.message), stamp: parseTime(time.message) }
      if (!ranges) return { ...facts, ranges: false }
      const rest = await this.#client.sendIgnoringError('REST 1')
      if (rest.code === 350) await this.#client.send('REST 0')
      return { ...facts, ranges: rest.code === 350 && facts.size !== null }
    })
  }

  async fetch({ from, to }: Range, facts: Facts, sink: Writable): Promise<void> {
    if (!this.#looked) {
      const now = await this.look(false)
      if (now.size !== facts.size || now.stamp !== facts.stamp)
        throw new CommandError('data', 'the file changed meanwhile')
    }
    const { name } = toFtpPath(this.#place.url.pathname)
    // A sink that has had enough is the only way to end a transfer before the end of the file.
    const isLast = to === null || to === facts.size
    try {
      await this.#do(() => this.#client.downloadTo(sink, name, from))
    } catch (error) {
      if (error instanceof EnoughError) {
        if (isLast) throw error
        return
      }
      // REST is answered well by some servers that do not do it: proftpd 1.3.8 with AllowRetrieveRestart off.
      if (from > 0 && sink instanceof RangeSink && sink.at === from && isRestRefused(error)) {
        throw new NoRangesError('REST is refused', { cause: error })
      }
      // All is there, and only the last word of the server is missing: routers forget connections that are silent.
      if (isLast && to !== null && sink instanceof RangeSink && sink.at === to && !isRefused(error)) return
      throw error
    } finally {
      this.close()
    }
  }

  close(): void {
    this.#client.close()
  }

  async #connect(addresses: readonly string[]): Promise<void> {
    const { url, scheme, host } = this.#place
    const port = url.port === '' ? 21 : Number(url.port)
    const tls = { ...(isIP(host) === 0 ? { servername: host } : {}), ca: this.#manners.ca }
    for (const [i, address] of addresses.entries()) {
      try {
        if (scheme === 'ftps' && port === IMPLICIT_TLS_PORT)
          await this.#client.connectImplicitTLS(address, port, { ...tls })
        else await this.#client.connect(address, port)
        break
      } catch (error) {
        if (i === addresses.length - 1) throw error
      }
    }
    if (scheme !== 'ftps' || port === IMPLICIT_TLS_PORT) return
    try {
      await this.#client.useTLS({ ...tls, host: this.#client.ftp.socket.remoteAddress })
    } catch (error) {
      throw toTlsFault(error, this.#telling)
    }
  }

  async #login(): Promise<void> {
    const { scheme } = this.#place
    const { user, password } = (await loginOf(this.#place, this.#manners.netrc)) ?? ANONYMOUS
    if (user !== ANONYMOUS.user) this.#password = password
    await this.#client.login(user, password)
    if (scheme === 'ftps') {
      await this.#client.send('PBSZ 0')
      await this.#client.send('PROT P')
    }
  }

  async #do<T>(deed: () => Promise<T>): Promise<T> {
    try {
      return await deed()
    } catch (error) {
      throw toFtpFault(error, this.#telling)
    }
  }

  get #telling(): Telling {
    return { timeout: this.#manners.timeout, password: this.#password }
  }
}
