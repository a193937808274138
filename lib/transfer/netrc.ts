import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'
import type { Login } from './place.ts'

/**
 * The login for a host from a netrc file; absent: from `.netrc` in the home directory, where there is one. Null where it
 * has none for the host. Throws 'config' where others can read the file; never says what is in it.
 */
export async function readNetrc(path: string | undefined, host: string): Promise<Login | null> {
  const at = path ?? join(homedir(), '.netrc')
  let text: string
  try {
    const { mode } = await stat(at)
    text = await readFile(at, 'utf8')
    const login = findLogin(text, host)
    if (login !== null && (mode & 0o077) !== 0)
      throw new CommandError('config', `'${at}' can be read by others: chmod 600 it`)
    return login
  } catch (error) {
    if (path === undefined && errnoOf(error) === 'ENOENT') return null
    throw toCommandError(`read '${at}'`, error)
  }
}

/** The entry of the host, else the default one; the words are separated by any white space. */
export function findLogin(text: string, host: string): Login | null {
  const words = text.split(/\s+/).filter(word => word !== '')
  let here = false
  let user: string | undefined
  let password = ''
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (word === 'machine' || word === 'default') {
      if (here && user !== undefined) break
      here = word === 'default' || words[++i] === host
      user = undefined
      password = ''
    } else if (word === 'login' || word === 'password' || word === 'account') {
      const value = words[++i] ?? ''
      if (here && word === 'login') user = value
      if (here && word === 'password') password = value
    }
  }
  return here && user !== undefined ? { user, password } : null
}
