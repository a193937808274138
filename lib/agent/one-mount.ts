import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { CommandError, reasonOf } from '../errors.ts'

/**
 * Sees to it that a file can be renamed from the temporary directory into that of the configuration (B3): the first is made
 * (0755) where it is not there, the second has to be there (a misspelt one would be a host without agents), and both must
 * be on one mount. Throws 'config', naming them.
 */
export function checkOneMount(conf: string, tmp: string): void {
  const wanted = mountOf(conf)
  makeDirectory(tmp)
  if (mountOf(tmp) === wanted) return
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
    fd = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY)
    return `${fstatSync(fd).dev} ${mountIdOf(fd)}`
  } catch (error) {
    throw unusable(dir, error)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function makeDirectory(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o755 })
  } catch (error) {
    throw unusable(dir, error)
  }
}

function unusable(dir: string, error: unknown): CommandError {
  return new CommandError('config', `unable to use the directory '${dir}': ${reasonOf(error)}`, { cause: error })
}

/** The mount of an open file, as /proc/self/fdinfo says it; empty where there is no /proc. */
function mountIdOf(fd: number): string {
  try {
    return /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}
