import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { CommandError } from '../errors.ts'

/** Who an agent runs as (B17). */
export interface Account {
  readonly user: string
  readonly uid: number
  readonly gid: number
  readonly group: string
  readonly home: string
}

/** One of the two databases, and what its first, third and further fields are. */
type Database = 'passwd' | 'group'

/** How the directory service is asked, and how long it may take. */
export interface Directory {
  readonly getent: string
  readonly timeoutMs: number
}

const DIRECTORY: Directory = { getent: '/usr/bin/getent', timeoutMs: 5000 }
const GETENT_BYTES = 64 * 1024

/**
 * Who an agent runs as: null is root, or the caller where that is not root, and the user's own group. Names that the two
 * files of /etc do not have are asked of getent(1), in a child and for 5 s at most, so that a slow directory service
 * never holds up the other agents (B17, B66). Throws, or rejects with, 'config': unknown; 'again': no answer; 'permission': it is
 * another than the caller, who is not root.
 */
export function findAccount(
  user: string | null,
  group: string | null,
  directory = DIRECTORY,
): Account | Promise<Account> {
  const caller = process.geteuid?.() ?? 0
  const userLine = fileLine('passwd', user ?? String(caller)) ?? (user === null ? unnamed(caller) : null)
  const groupLine = group === null ? null : fileLine('group', group)
  if (userLine !== null && (group === null || groupLine !== null)) return accountOf(userLine, groupLine)
  return askAccount(user, userLine, group, groupLine, directory)
}

async function askAccount(
  user: string | null,
  userLine: readonly string[] | null,
  group: string | null,
  groupLine: readonly string[] | null,
  directory: Directory,
): Promise<Account> {
  const foundUser = userLine ?? (user === null ? null : await getent(directory, 'passwd', user))
  if (foundUser === null) throw new CommandError('config', `unknown user '${user}'`)
  const foundGroup = groupLine ?? (group === null ? null : await getent(directory, 'group', group))
  if (foundGroup === null && group !== null) throw new CommandError('config', `unknown group '${group}'`)
  return accountOf(foundUser, foundGroup)
}

function accountOf(userLine: readonly string[], groupLine: readonly string[] | null): Account {
  const caller = process.geteuid?.() ?? 0
  const own = caller === 0 ? userLine[3] : String(process.getegid?.()) // who is not root stays in the group it is in
  const gid = groupLine?.[2] ?? own ?? ''
  const account = {
    user: userLine[0] ?? '',
    uid: Number(userLine[2]),
    gid: Number(gid),
    group: groupLine?.[0] ?? fileLine('group', gid)?.[0] ?? gid,
    home: userLine[5] || '/',
  }
  if (caller === 0) return account
  if (account.uid !== caller) throw new CommandError('permission', `unable to run as user '${account.user}': not root`)
  if (gid === own) return account
  throw new CommandError('permission', `unable to run as group '${account.group}': not root`)
}

function fileLine(database: Database, key: string): readonly string[] | null {
  try {
    return findLine(readFileSync(`/etc/${database}`, 'utf8'), key)
  } catch {
    return null // no such file: everybody is in the directory service
  }
}

/** The fields of the line of this name, or of this number where no name is the same; null: there is none. */
export function findLine(text: string, key: string): readonly string[] | null {
  let byNumber: readonly string[] | null = null
  for (const line of text.split('\n')) {
    if (!line.includes(key)) continue // most of a long file, of which each start of an agent reads the whole
    const fields = line.split(':')
    if (fields.length < 4 || !/^\d+$/.test(fields[2] ?? '') || fields[0] === '') continue
    if (fields[0] === key) return fields
    if (fields[2] === key) byNumber ??= fields
  }
  return byNumber
}

/** A caller without an entry, as in a container. */
function unnamed(uid: number): readonly string[] {
  return [String(uid), 'x', String(uid), String(process.getegid?.() ?? uid), '', '/', '']
}

function getent(directory: Directory, database: Database, key: string): Promise<readonly string[] | null> {
  const { getent, timeoutMs: timeout } = directory
  const options = { timeout, killSignal: 'SIGKILL', maxBuffer: GETENT_BYTES, env: {} } as const
  return new Promise((resolve, reject) => {
    execFile(getent, ['--', database, key], options, (error, stdout) => {
      if (error === null) resolve(findLine(stdout, key))
      else if (error.killed === true)
        reject(new CommandError('again', `no answer in time about '${key}' in ${database}`))
      else resolve(null)
    })
  })
}
