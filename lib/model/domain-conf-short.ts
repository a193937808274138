import { quote } from './conf-lines.ts'
import type { Row } from './domain-conf-columns.ts'
import { ADDRESS_LIMIT, takeAddresses } from './domain-conf-ips.ts'
import { CLASSIC, type RowContext } from './domain-conf-row.ts'
import { isAddress, isHostName, toAbsolute, withoutDot } from './names.ts'
import type { Target } from './target.ts'

/** What the short form says of a domain without saying it: one GET of `/`, whole, good when it comes in time. */
const SHORT_DEFAULTS = {
  info: '-',
  detect: true,
  times: 1,
  warn_time: 3,
  good_time: 3,
  margin: null,
  limit: 4_096_000,
  publish: 1,
  modify: true,
  backup_word: 'no',
} as const satisfies Partial<Target>

/** Is it the short form, `domain ip|ip…`? Two fields, or an address where the classic form has its word. */
export function isShortRow(fields: readonly string[]): boolean {
  const [first = ''] = (fields[1] ?? '').split('|')
  return fields.length === 2 || isAddress(first)
}

/** A record in the short form: addresses of both families between `|` or blanks; `:` belongs to IPv6. */
export function parseShortRow({ fields, remarks }: Row, { file, line }: RowContext): Target | undefined {
  const [name = '', ...lists] = fields
  if (!isHostName(name)) remarks.error(`the domain is not a legal host name: ${quote(name)}`)
  const items = lists.flatMap(list => list.split('|')).filter(item => item !== '')
  for (const item of items) {
    if (!isAddress(item)) remarks.error(`not an IP address: ${quote(item)}`)
  }
  const ip = takeAddresses(items.filter(isAddress), 'addresses', ADDRESS_LIMIT, remarks)
  if (ip.length === 0 && !remarks.failed) remarks.error('no address that can be used')
  if (remarks.failed) return undefined
  return {
    type: 'target',
    domain: toAbsolute(name),
    file,
    line,
    ...SHORT_DEFAULTS,
    request: { verb: 'GET', host: withoutDot(name), path: '/', body_file: null, body_type: null },
    codes: ['2**', '30*'],
    ...CLASSIC,
    ip,
    backup: [],
    dns: [],
  }
}
