import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import type { Login, Place } from './place.ts'

/** The login for a place: of its URL, where that has a password, else of a netrc file; null where there is none. */
export async function loginOf({ login, host }: Place, netrc: string | undefined): Promise<Login | null> {
  if (login !== null && login.password !== '') return login
  return (await readNetrc(netrc, host, login?.user)) ?? login
}

/**
 * The login for a host from a netrc file; absent: from `.netrc` in the home directory, where there is one. Null where it
 * has none for the host. Throws 'config' where others can read the file; never says what is in it.
 */
async function readNetrc(path: string | undefined, host: string, wanted: string | undefined): Promise<Login | null> {
  const at = path ?? join(homedir(), '.netrc')
  let text: string
  try {
    const { mode } = await stat(at)
    text = await readFile(at, 'utf8')
    const login = findLogin(text, host, wanted)
    if (login !== null && (mode & 0o077) !== 0)
      throw new CommandError('config', `'${at}' can be read by others: chmod 600 it`)
    return login
  } catch (error) {
    if (path === undefined && errnoOf(error) === 'ENOENT') return null
    throw toCommandError(`read '${at}'`, error)
  }
}

/** The entry of the host, with `wanted` that of this user, else the default one; the words are separated by any white space. */
export function findLogin(text: string, host: string, wanted?: string): Login | null {
  const words = text.split(/\s+/).filter(word => word !== '')
  let here = false
  let user: string | undefined
  let password = ''
  const isFound = () => here && user !== undefined && (wanted === undefined || user === wanted)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (word === 'machine' || word === 'default') {
      if (isFound()) break
      here = word === 'default' || words[++i] === host
      user = undefined
      password = ''
    } else if (word === 'login' || word === 'password' || word === 'account') {
      const value = words[++i] ?? ''
      if (here && word === 'login') user = value
      if (here && word === 'password') password = value
    }
  }
  return isFound() && user !== undefined ? { user, password } : null
}
