import { CommandError } from '../errors.ts'
import { runChild } from './child.ts'

/** The most addresses of a name that are tried. */
const ADDRESSES_MOST = 8

/**
 * The addresses of a name, in the order to try them, within `seconds`. It is asked of getent(1), in a child that can be
 * ended: getaddrinfo in a thread of ours cannot, and holds the process until it gives up, 10 s after process.exit and
 * more (B66). Throws 'unavailable'.
 */
export async function resolveName(name: string, seconds: number): Promise<readonly string[]> {
  const { code, timedOut, stdout } = await runChild('getent', ['ahosts', name], { timeout: seconds })
  if (timedOut) throw new CommandError('unavailable', `no answer about its name within ${seconds} seconds`)
  const addresses = [...stdout.matchAll(/^(\S+)\s+STREAM\b/gm)].map(([, address = '']) => address)
  if (code !== 0 || addresses.length === 0) throw new CommandError('unavailable', 'the name does not resolve')
  return [...new Set(addresses)].slice(0, ADDRESSES_MOST)
}
