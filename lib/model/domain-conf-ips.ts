import { quote, type Remarks } from './conf-lines.ts'
import { columnText, columnTitle, type Row } from './domain-conf-columns.ts'
import { addressKey, isAddress, isDomainName, isIpv4, isUsableAddress } from './names.ts'

/** A record holds so many addresses, the backups counted first (formats 2.3). */
export const ADDRESS_LIMIT = 64

/** The addresses that can be used: repeats, unusable ones and those over the limit are dropped with a warning. */
export function takeAddresses(items: readonly string[], title: string, room: number, remarks: Remarks): string[] {
  const taken = new Map<string, string>()
  for (const item of items) {
    const key = addressKey(item)
    if (!isUsableAddress(item)) remarks.warning(`${title}: ${quote(item)} is no usable address, dropped`)
    else if (taken.has(key)) remarks.warning(`${title}: ${quote(item)} is repeated, dropped`)
    else taken.set(key, item)
  }
  const over = taken.size - room
  if (over > 0) {
    remarks.warning(`${title}: a record holds ${ADDRESS_LIMIT} addresses, backups first: the last ${over} ignored`)
  }
  return [...taken.values()].slice(0, room)
}

/** Column 10, items between `:` and `|`: the first that is no address is the word, what follows it is ignored. */
export function backupColumn(row: Row): { readonly backup: string[]; readonly word: string | null } {
  const title = columnTitle(10)
  const items = itemsOf(columnText(row, 10))
  const at = items.findIndex(item => !isIpv4(item))
  const backup = takeAddresses(at < 0 ? items : items.slice(0, at), title, ADDRESS_LIMIT, row.remarks)
  const word = items[at]
  if (word === undefined) return { backup, word: null }
  if (hasIpv6(columnText(row, 10))) row.remarks.error(`${title} cannot hold IPv6 addresses, the short form can`)
  else if (!isDomainName(word))
    row.remarks.error(`${title} is no address, no 'yes' or 'no', and no name: ${quote(word)}`)
  else if (at + 1 < items.length) row.remarks.warning(`${title}: what follows ${quote(word)} is ignored`)
  return { backup, word }
}

/**
 * Column 13, likewise, with room for so many addresses. A name would have replaced the word of column 10 in the legacy
 * program; now it is an error.
 */
export function mainColumn(row: Row, room: number): string[] {
  const title = columnTitle(13)
  const text = columnText(row, 13)
  if (text === '0.0.0.0') return [] // the way to write "none": nothing to warn of
  if (hasIpv6(text)) {
    row.remarks.error(`${title} cannot hold IPv6 addresses, the short form can`)
    return []
  }
  const items = itemsOf(text)
  for (const item of items) {
    if (!isIpv4(item)) row.remarks.error(`${title} is not an IPv4 address: ${quote(item)}`)
  }
  return takeAddresses(items.filter(isIpv4), title, room, row.remarks)
}

function itemsOf(text: string): readonly string[] {
  return text.split(/[:|]/).filter(item => item !== '')
}

function hasIpv6(text: string): boolean {
  return text.split('|').some(item => isAddress(item) && !isIpv4(item))
}
