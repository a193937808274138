import { basename, join } from 'node:path'
import { type ErrName, errcodeOf } from '../model/errcodes.ts'
import type { CommandEnd } from './task-command.ts'
import type { Answer, Deed } from './task-deeds.ts'

/** The whole download may take so long, in seconds: 2 GB at the usual speed (B46). Nothing is being done for ever. */
export const FETCH_SECONDS = 6 * 3600
/** As large as a package may be, in bytes. */
export const FETCH_BYTES = 4 * 1024 ** 3

/** Where a package of this version is fetched to: always the same place, so that an attempt that was cut goes on. Pure. */
export function fetchPlace(tmp: string, name: string, { url, version }: { url: string; version: string }): string {
  const file = basename(url.replace(/[?#].*$/, ''))
  const suffix = /\.(?:rpm|deb|tgz|tar\.gz)$/.exec(file)?.[0] ?? ''
  return join(tmp, `${name}-${version.replaceAll(/[^\w.+~-]/g, '_')}${suffix}`)
}

/** What ftp-get is asked for on its standard input: a login in a URL is nobody's to see (B50). Pure. */
export function fetchRequest({ url, checksum, speed }: Extract<Deed, { deed: 'download' }>, output: string): string {
  const sum = checksum === null ? null : `SHA256:${checksum}`
  return `${JSON.stringify({ type: 'download', url, output, checksum: sum, speed })}\n`
}

/** What ftp-get has answered: the file, or why there is none (B44). Pure. */
export function fetchAnswer({ status, records, reason }: CommandEnd): Answer {
  const path = records.find(({ type }) => type === 'file')?.['path']
  if (status === 0 && typeof path === 'string') return { type: 'file', path }
  return { type: 'failed', errcode: errcodeOf(errNameOf(status, reason)), message: reason }
}

function errNameOf(status: number | null, reason: string): ErrName {
  switch (status) {
    case 1:
      return 'NO_FILE'
    case 64:
      return 'BAD_TASK'
    case 65:
      return reason.includes('the checksum differs') ? 'BAD_CHECKSUM' : 'TRANSFER'
    case 69:
      return reason.includes('the connection was closed') ? 'TRANSFER' : 'UNREACHABLE'
    case 74:
      return reason.includes('no space left') ? 'NO_SPACE' : 'TRANSFER'
    case 75:
      return 'UNREACHABLE'
    default:
      return 'TRANSFER'
  }
}
