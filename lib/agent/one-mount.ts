import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { CommandError, reasonOf } from '../errors.ts'

/**
 * Sees to it that a file can be renamed from the temporary directory into that of the configuration (B3): both are made (0755)
 * where they are not there, and must be on one mount. Throws 'config', naming them.
 */
export function checkOneMount(conf: string, tmp: string): void {
  if (mountOf(conf) === mountOf(tmp)) return
  throw new CommandError(
    'config',
    `unable to rename files of '${tmp}' into '${conf}': the two directories are on different mounts`,
  )
}

/**
 * What two places must have in common: the device, which differs between volumes of one mount, and the mount, which differs
 * where one device is mounted twice; rename(2) fails with EXDEV in both cases.
 */
function mountOf(dir: string): string {
  let fd: number | undefined
  try {
    mkdirSync(dir, { recursive: true, mode: 0o755 })
    fd = openSync(dir, 'r')
    return `${fstatSync(fd).dev} ${mountIdOf(fd)}`
  } catch (error) {
    throw new CommandError('config', `unable to use the directory '${dir}': ${reasonOf(error)}`, { cause: error })
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** The mount of an open file, as /proc/self/fdinfo says it; empty where there is no /proc. */
function mountIdOf(fd: number): string {
  try {
    return /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}
