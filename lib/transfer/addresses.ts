import { isIP } from 'node:net'
import { resolveName } from '../sys/resolve.ts'

/** The addresses of a host, in the order to try them, within so many seconds; an address is its own. Throws 'unavailable'. */
export async function addressesOf(host: string, timeout: number): Promise<readonly string[]> {
  return isIP(host) === 0 ? await resolveName(host, timeout) : [host]
}
