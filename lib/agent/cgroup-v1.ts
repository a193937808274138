import { join } from 'node:path'
import type { AgentCgroup } from '../model/agent-config.ts'
import type { Controller } from './cgroup-detect.ts'
import type { CgroupFiles } from './cgroup-files.ts'

const SHARES = { default: 1024, least: 2, most: 262_144 }

/** The CPU shares of a percentage: 100 % is what a group has that was given nothing (B24). */
export function sharesOf(percent: number): number {
  return Math.min(SHARES.most, Math.max(SHARES.least, Math.round((SHARES.default * percent) / 100)))
}

/**
 * Sets, or takes back where it is null, the limits of a group that is there. Memory and swap together get the same limit where
 * the kernel counts them, else the group would go on in swap; that one is lifted first, because it may never be the
 * lower. Throws what the system says: EBUSY where the group uses more than the new limit and cannot be made smaller.
 */
export function limitV1(files: CgroupFiles, dir: string, has: readonly Controller[], cgroup: AgentCgroup): void {
  if (has.includes('cpu')) files.write(join(dir, 'cpu.shares'), String(sharesOf(cgroup.cpu ?? 100)))
  if (!has.includes('memory')) return
  const bytes = cgroup.mem === null ? '-1' : String(cgroup.mem * 1024)
  const both = join(dir, 'memory.memsw.limit_in_bytes')
  const counted = files.read(both) !== null
  if (counted) files.write(both, '-1')
  files.write(join(dir, 'memory.limit_in_bytes'), bytes)
  if (counted) files.write(both, bytes)
}

/** Makes a group usable that shares its tree with cpuset: a new one has no CPU and no memory node, and takes no process. */
export function fillCpuset(files: CgroupFiles, dir: string): void {
  for (const name of ['cpuset.cpus', 'cpuset.mems']) {
    if (files.read(join(dir, name))?.trim() !== '') continue
    files.write(join(dir, name), files.read(join(dir, '..', name))?.trim() ?? '')
  }
}

/** How often the kernel killed a process of this very group for want of memory; 0 where it does not count that. */
export function oomKillsV1(files: CgroupFiles, dir: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(files.read(join(dir, 'memory.oom_control')) ?? '')?.[1] ?? 0)
}
