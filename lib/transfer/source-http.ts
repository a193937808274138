import type { Writable } from 'node:stream'
import { CommandError, type Fault } from '../errors.ts'
import { type Exchange, openExchange } from '../sys/http-body.ts'
import { addressesOf } from './addresses.ts'
import { parseContentRange, redirect } from './http-rules.ts'
import { loginOf } from './netrc.ts'
import type { Place } from './place.ts'
import type { Facts, Manners, Range, Site, Source } from './source.ts'

const REDIRECTS_MOST = 10

/** A file of a web server. Redirects are followed once, for all connections. */
export function httpSite(place: Place, manners: Manners): Site {
  const way = new Way(place, manners)
  return () => new HttpSource(way)
}

/** How the file is reached: where the last redirect led to, with the login only for the host it was given for. */
class Way {
  url: URL
  readonly #place: Place
  readonly #manners: Manners
  #addresses: { readonly host: string; readonly found: readonly string[] } | undefined

  constructor(place: Place, manners: Manners) {
    this.url = place.url
    this.#place = place
    this.#manners = manners
  }

  async ask(headers: Readonly<Record<string, string>>): Promise<Exchange> {
    const { timeout, ca } = this.#manners
    for (let i = 0; i <= REDIRECTS_MOST; i++) {
      const login = await this.#login()
      const all = { 'accept-encoding': 'identity', 'user-agent': 'ftp-get', ...headers, ...login }
      const options = { headers: all, addresses: await this.#resolve(), timeout, ca }
      const answer = await openExchange(this.url, options)
      const { status } = answer
      if (![301, 302, 303, 307, 308].includes(status)) return answer
      answer.close()
      this.url = redirect(this.url, answer.headers.get('location'))
    }
    throw new CommandError('data', `more than ${REDIRECTS_MOST} redirects`)
  }

  async #login(): Promise<Record<string, string>> {
    if (this.url.origin !== this.#place.url.origin) return {}
    const login = await loginOf(this.#place, this.#manners.netrc)
    if (login === null) return {}
    return { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` }
  }

  async #resolve(): Promise<readonly string[]> {
    const host = this.url.hostname.replace(/^\[(.*)\]$/, '$1')
    if (this.#addresses?.host !== host) {
      this.#addresses = { host, found: await addressesOf(host, this.#manners.timeout) }
    }
    return this.#addresses.found
  }
}

class HttpSource implements Source {
  readonly #way: Way
  #answer: Exchange | undefined

  constructor(way: Way) {
    this.#way = way
  }

  async look(ranges: boolean): Promise<Facts> {
    if (ranges) {
      const answer = await this.#way.ask({ range: 'bytes=0-0' })
      if (answer.status === 206) {
        answer.close()
        const told = parseContentRange(answer.headers.get('content-range'))
        if (told !== undefined) return { size: told.size, stamp: stampOf(answer), ranges: told.size !== null }
      } else if (answer.status === 200) return this.#keep(answer)
      answer.close() // 416: an empty file, as a rule; a plain request tells
    }
    return this.#keep(await this.#way.ask({}))
  }

  async fetch({ from, to }: Range, facts: Facts, sink: Writable): Promise<void> {
    if (this.#answer !== undefined && from === 0 && (to === null || to === facts.size)) {
      return await this.#answer.take(sink)
    }
    this.close()
    const same = facts.stamp === null || facts.stamp.startsWith('W/') ? {} : { 'if-range': facts.stamp }
    const answer = await this.#way.ask({ range: `bytes=${from}-${to === null ? '' : to - 1}`, ...same })
    this.#answer = answer
    const told = parseContentRange(answer.headers.get('content-range'))
    const isSame = answer.status === 206 && stampOf(answer) === facts.stamp && told?.size === facts.size
    const encoding = encodingOf(answer)
    if (isSame && told.from === from && encoding === 'identity') return await answer.take(sink)
    answer.close()
    if (answer.status === 206) refuseEncoding(encoding)
    if (answer.status !== 200 && answer.status !== 206 && answer.status !== 416) throw refusal(answer.status)
    throw new CommandError(
      'data',
      isSame ? 'the server sent another part than was asked for' : 'the file changed meanwhile',
    )
  }

  close(): void {
    this.#answer?.close()
    this.#answer = undefined
  }

  /** The whole of it is on its way, and taken by the first `fetch`. */
  #keep(answer: Exchange): Facts {
    this.#answer = answer
    const encoding = encodingOf(answer)
    const length = answer.headers.get('content-length')
    if (answer.status !== 200 || encoding !== 'identity') {
      this.close()
      if (answer.status !== 200) throw refusal(answer.status)
      refuseEncoding(encoding)
    }
    const size = length === undefined || !/^\d{1,15}$/.test(length) ? null : Number(length)
    return { size, stamp: stampOf(answer), ranges: false }
  }
}

function encodingOf({ headers }: Exchange): string {
  return headers.get('content-encoding') ?? 'identity'
}

function refuseEncoding(encoding: string): void {
  if (encoding !== 'identity') throw new CommandError('data', `the Content-Encoding '${encoding}' was not asked for`)
}

function stampOf({ headers }: Exchange): string | null {
  return headers.get('etag') ?? headers.get('last-modified') ?? null
}

function refusal(status: number): CommandError {
  const faults: Readonly<Record<number, Fault>> = { 401: 'permission', 403: 'permission', 404: 'no', 410: 'no' }
  return new CommandError(faults[status] ?? 'unavailable', `the answer has status ${status}`)
}
