import { chmodSync, lstatSync, renameSync, type Stats, statSync, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { dirname } from 'node:path'
import { CommandError, errnoOf, toCommandError } from '../errors.ts'

/** The longest path of a Unix socket, in bytes: sun_path of unix(7) without its final zero. */
export const SOCKET_PATH_MOST = 107

/**
 * Puts a server on a Unix socket, in the place of a socket that nobody listens on. It is bound beside its place and
 * moved there when it has its mode: nobody can connect to it under a wider one, and Node, which removes at close what it
 * finds under the name it has bound, never removes what is a later server's. Throws 'again' when somebody listens there,
 * 'config' when the path is too long or something else is there, 'permission' or 'io'. Returns what takes it away.
 */
export async function putSocket(server: Server, path: string, mode: number): Promise<() => void> {
  checkPath(path)
  await checkFree(path)
  const beside = `${path.slice(0, -1)}${path.endsWith('~') ? '+' : '~'}`
  try {
    removeSocket(beside)
    await bind(server, beside, mode)
    chmodSync(beside, mode) // a default ACL of the directory has no respect for the umask
    const ours = lstatSync(beside)
    renameSync(beside, path)
    return () => removeOurs(path, ours)
  } catch (error) {
    server.close()
    throw toCommandError(`listen on '${path}'`, error)
  }
}

function checkPath(path: string): void {
  const bytes = Buffer.byteLength(path)
  if (bytes > SOCKET_PATH_MOST)
    throw new CommandError(
      'config',
      `the path of a socket has at most ${SOCKET_PATH_MOST} bytes, this one has ${bytes}: '${path}'`,
    )
}

/** Free is also where a socket is left over that nobody listens on. */
function checkFree(path: string): Promise<void> {
  const found = lstatOf(path)
  if (found === undefined) return Promise.resolve()
  if (!found.isSocket()) throw new CommandError('config', `unable to listen on '${path}': it is there, and no socket`)
  return new Promise((resolve, reject) => {
    const isUsed = () => reject(new CommandError('again', `another one listens on '${path}'`))
    const probe = connect(path, () => {
      probe.destroy()
      isUsed()
    })
    probe.on('error', error => {
      const code = errnoOf(error)
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve()
      else if (code === 'EAGAIN')
        isUsed() // its backlog is full
      else reject(toCommandError(`connect to '${path}'`, error))
    })
  })
}

function bind(server: Server, path: string, mode: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
    const umask = process.umask(0o777 & ~mode)
    try {
      server.listen(path) // binds before it returns
    } finally {
      process.umask(umask)
    }
  })
}

function removeSocket(path: string): void {
  if (lstatOf(path)?.isSocket()) unlinkSync(path)
}

function removeOurs(path: string, ours: Stats): void {
  try {
    const found = lstatSync(path)
    if (found.ino === ours.ino && found.dev === ours.dev) unlinkSync(path)
  } catch {
    // It is gone already, or its directory is: nothing is left to take away.
  }
}

function lstatOf(path: string): Stats | undefined {
  try {
    statSync(dirname(path)) // a bind would call a missing directory a missing permission
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw toCommandError(`listen on '${path}'`, error)
  }
}
