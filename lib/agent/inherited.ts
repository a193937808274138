import { closeSync, readdirSync } from 'node:fs'
import { readProc } from './process-id.ts'

const O_CLOEXEC = 0o2000000

/**
 * Closes what this process was started with open, stdin, stdout and stderr apart: agents would have it too (B15). Node itself sees to
 * the lowest descriptors only. To be called first of all; what Node opens is not touched, since that ends at an exec; neither is `keep`, which the caller closes.
 */
export function closeInherited(keep: number | null = null): void {
  for (const name of readdirSync('/proc/self/fd')) {
    const fd = Number(name)
    const flags = /^flags:\s*([0-7]+)$/m.exec(readProc(`/proc/self/fdinfo/${fd}`) ?? '')?.[1]
    if (fd <= 2 || fd === keep || flags === undefined || (Number.parseInt(flags, 8) & O_CLOEXEC) !== 0) continue
    try {
      closeSync(fd)
    } catch {
      // It was that of the directory.
    }
  }
}
