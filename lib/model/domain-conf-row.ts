import { quote } from './conf-lines.ts'
import { codesColumn } from './domain-conf-codes.ts'
import {
  columnText,
  columnTitle,
  countFault,
  integerColumn,
  isYes,
  type Row,
  thresholdColumn,
  toDecimal,
} from './domain-conf-columns.ts'
import { ADDRESS_LIMIT, backupColumn, mainColumn } from './domain-conf-ips.ts'
import { methodColumn, type RequestDefaults } from './domain-conf-method.ts'
import { isDomainName, isHostName, nameKey, toAbsolute, withoutDot } from './names.ts'
import type { Target } from './target.ts'

/** Where a record stands and when it is read. */
export interface RowContext {
  readonly file: string | null
  readonly line: number
  /** Seconds since the epoch: part of the default path (formats 2.4). */
  readonly now: number
  /** The Host header keeps the final dot of column 1, as the legacy program sent it. */
  readonly compatHost: boolean
}

/** What a record with 13 columns has in place of the later ones (formats 2.2). */
export const CLASSIC = {
  referer_request: null,
  port: 80,
  scheme: 'http',
  use_dns: false,
  dns_reuse: 0,
  dns_failures: null,
  referer_weight: 0,
  sort: true,
  tcp_interval: null,
  http_interval: null,
  timeout: null,
  way: null,
} as const satisfies Partial<Target>

/** A record with 13 to 23 columns (formats 2.2), or undefined; `row.remarks` says all that is wrong. */
export function parseRow(row: Row, context: RowContext): Target | undefined {
  const { fields, remarks } = row
  const fault = countFault(fields.length)
  if (fault !== undefined) {
    remarks.error(fault)
    return undefined
  }
  const domain = toAbsolute(columnText(row, 1))
  const defaults: RequestDefaults = {
    host: context.compatHost ? domain : withoutDot(domain),
    path: `/${Math.floor(context.now)}.jpg`,
  }
  const first = head(row, context, domain)
  const { backup, word } = backupColumn(row)
  const target: Target = {
    ...first,
    backup_word: word,
    request: methodColumn(row, 11, defaults),
    codes: codesColumn(row),
    backup,
    ip: mainColumn(row, ADDRESS_LIMIT - backup.length),
    dns: [],
    ...(fields.length === 13 ? CLASSIC : extended(row, defaults)),
  }
  checkTogether(row, target)
  return remarks.failed ? undefined : target
}

/** What no column shows alone. */
function checkTogether({ fields, remarks }: Row, { domain, ip, backup, backup_word: word, use_dns }: Target): void {
  const none = ip.length + backup.length === 0 && !use_dns
  if (fields.length > 13 && none && !remarks.failed) {
    remarks.error(`no address in ${columnTitle(10)} and ${columnTitle(13)}, and ${columnTitle(16)} is not Y`)
  }
  // An underscore may own a CNAME, but one A record below it makes named refuse the whole zone (formats 8.3).
  if (!none && isDomainName(domain) && !isHostName(domain)) {
    remarks.error(`${columnTitle(1)} is not a legal host name, named would refuse its addresses: ${quote(domain)}`)
  }
  if (word !== null && nameKey(word) === nameKey(domain)) {
    remarks.error(`${columnTitle(10)} is the host itself: ${quote(word)}`)
  }
}

/** Columns 1 to 9. */
function head(row: Row, { file, line }: RowContext, domain: string) {
  if (!isDomainName(domain)) row.remarks.error(`${columnTitle(1)} is not a domain name: ${quote(columnText(row, 1))}`)
  const [good = '', ...percent] = columnText(row, 6).split('%')
  return {
    type: 'target',
    domain,
    file,
    line,
    info: columnText(row, 2),
    detect: isYes(row, 3),
    times: integerColumn(row, 4, 1, 10),
    warn_time: thresholdColumn(row, 5),
    good_time: thresholdColumn(row, 6, good),
    margin: percent.length === 0 ? null : marginOf(row, percent.join('%')),
    limit: integerColumn(row, 7, 512, 4_096_000),
    publish: integerColumn(row, 8, 0, 255),
    modify: isYes(row, 9),
  } as const
}

/** Columns 14 to 22; the 23rd was read by a route builder only. */
function extended(row: Row, defaults: RequestDefaults) {
  const length = row.fields.length
  const second = methodColumn(row, 14, defaults)
  const port = portColumn(row)
  return {
    referer_request: second,
    port,
    scheme: port === 443 ? 'https' : 'http',
    use_dns: isYes(row, 16),
    referer_weight: weightsColumn(row),
    dns_reuse: integerColumn(row, 18),
    dns_failures: null,
    sort: isYes(row, 19),
    tcp_interval: length < 21 ? null : integerColumn(row, 20, 0),
    http_interval: length < 21 ? null : integerColumn(row, 21, 0),
    timeout: length < 22 ? null : timeoutColumn(row),
    way: null,
  } as const
}

/** Out of range is 80; so is 0, which the legacy program took as it was and could not connect to (formats 15). */
function portColumn(row: Row): number {
  const port = integerColumn(row, 15)
  return port >= 1 && port <= 65535 ? port : 80
}

/** Column 17, `C:R` with C + R = 100: gives R. */
function weightsColumn(row: Row): number {
  const text = columnText(row, 17)
  const match = /^(\d{1,3}):(\d{1,3})$/.exec(text)
  const [own, referer] = [Number(match?.[1]), Number(match?.[2])]
  if (own + referer === 100) return referer
  row.remarks.error(`${columnTitle(17)} is not a pair C:R with C+R = 100: ${quote(text)}`)
  return 0
}

function timeoutColumn(row: Row): number | null {
  const text = columnText(row, 22)
  const value = toDecimal(text)
  if (value !== undefined && value > 0) return value
  row.remarks.error(`${columnTitle(22)} is ${value === undefined ? 'not a number' : 'not above 0'}: ${quote(text)}`)
  return null
}

/** Column 6, the P of `S%P`: percent. */
function marginOf(row: Row, text: string): number | null {
  const value = toDecimal(text)
  if (value !== undefined && value >= 0) return value
  row.remarks.warning(`${columnTitle(6)} has no percentage after its '%', ignored: ${quote(text)}`)
  return null
}
