import { quote } from './conf-lines.ts'
import { columnText, columnTitle, type Row } from './domain-conf-columns.ts'
import { isDomainName } from './names.ts'
import type { Request } from './target.ts'

/** The host and path of a request that names none. */
export type RequestDefaults = Pick<Request, 'host' | 'path'>

/** Columns 11 and 14: `Y`, `GET[:target]`, `HEAD[:target]`, `POST:target|file[|type]` (formats 2.4). */
export function methodColumn(row: Row, column: number, defaults: RequestDefaults): Request {
  const text = columnText(row, column)
  const title = columnTitle(column)
  const plain: Request = { verb: 'GET', ...defaults, body_file: null, body_type: null }
  if (/^(?:y|yes|n|no)$/i.test(text)) return plain
  const match = /^(get|head|post)(?:[:|](.*))?$/is.exec(text)
  if (match === null) {
    row.remarks.error(`${title} is none of Y, N, GET, HEAD and POST: ${quote(text)}`)
    return plain
  }
  const verb = toVerb(match[1] ?? '')
  if (match[2] === undefined) {
    if (verb === 'POST') row.remarks.error(`${title}: POST needs a target and a file: ${quote(text)}`)
    return { ...plain, verb }
  }
  const [target = '', file = '', type = '', ...rest] = match[2].split('|')
  const request = { ...plain, verb, ...toTarget(row, title, target, defaults) }
  const ignored = verb === 'POST' ? rest.length > 0 : match[2].length > target.length
  if (ignored) row.remarks.warning(`${title}: what follows the ${verb === 'POST' ? 'type' : 'target'} is ignored`)
  if (verb !== 'POST') return request
  if (file === '') row.remarks.error(`${title}: POST needs a file: ${quote(text)}`)
  return { ...request, body_file: file, body_type: toType(row, title, type) }
}

/** `/path` keeps the default host, `host` and `host/` the default path, `/` both. */
function toTarget(row: Row, title: string, target: string, defaults: RequestDefaults): RequestDefaults {
  const slash = target.indexOf('/')
  const host = slash < 0 ? target : target.slice(0, slash)
  const path = slash < 0 ? '/' : target.slice(slash)
  if (target === '') row.remarks.error(`${title} has no target after its verb`)
  else if (host !== '' && !isRequestHost(host))
    row.remarks.error(`${title} has no legal host (no scheme): ${quote(host)}`)
  if (!isRequestText(path)) row.remarks.error(`${title} has a path that is not printable ASCII: ${quote(path)}`)
  return { host: host === '' ? defaults.host : host, path: path === '/' ? defaults.path : path }
}

function toType(row: Row, title: string, type: string): string {
  if (type === '') return 'text/plain'
  if (!isRequestText(type)) row.remarks.error(`${title} has a type that is not printable ASCII: ${quote(type)}`)
  return type
}

function toVerb(text: string): Request['verb'] {
  const verb = text.toUpperCase()
  return verb === 'HEAD' || verb === 'POST' ? verb : 'GET'
}

/** A name or an IPv4 address, with a port or without: what may stand in a Host header. */
export function isRequestHost(text: string): boolean {
  return isDomainName(text.replace(/:\d{1,5}$/, ''))
}

/** Printable ASCII without blanks: no text of a configuration may end a header line. */
export function isRequestText(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text)
}
