import { join } from 'node:path'
import { errnoOf } from '../errors.ts'
import type { AgentCgroup } from '../model/agent-config.ts'
import type { Controller } from './cgroup-detect.ts'
import type { CgroupFiles } from './cgroup-files.ts'

/** How often a group is emptied again because a process of it has forked meanwhile. */
const ROUNDS = 10

/** The CPU weight of a percentage: 100 is what a group has that was given nothing (B24). */
export function weightOf(percent: number): number {
  return Math.min(10_000, Math.max(1, Math.round(percent)))
}

/**
 * Sets, or takes back where it is null, the limits of a group that is there. A group with a memory limit gets no swap: it would
 * go on there. Throws what the system says.
 */
export function limitV2(files: CgroupFiles, dir: string, has: readonly Controller[], cgroup: AgentCgroup): void {
  if (has.includes('cpu')) files.write(join(dir, 'cpu.weight'), String(weightOf(cgroup.cpu ?? 100)))
  if (!has.includes('memory')) return
  const swap = join(dir, 'memory.swap.max')
  if (files.read(swap) !== null) files.write(swap, cgroup.mem === null ? 'max' : '0')
  files.write(join(dir, 'memory.max'), cgroup.mem === null ? 'max' : String(cgroup.mem * 1024))
}

/**
 * Gives the children of a group these controllers; those that the group has not itself are left out. A group with processes of
 * its own cannot (no internal processes), so they go to `leaf`, a child that is made for them where that is so.
 * Returns what the children have now; throws what the system says where that is none.
 */
export function enable<C extends string>(
  files: CgroupFiles,
  dir: string,
  wanted: readonly C[],
  leaf: string,
): readonly C[] {
  const has = wordsOf(files, join(dir, 'cgroup.controllers'))
  const control = join(dir, 'cgroup.subtree_control')
  let refused: unknown
  for (const name of wanted) {
    if (!has.includes(name) || wordsOf(files, control).includes(name)) continue
    try {
      enableOne(files, dir, `+${name}`, leaf)
    } catch (error) {
      refused = error // the other one may do: cpu cannot where real-time processes run
    }
  }
  const now = wordsOf(files, control)
  const given = wanted.filter(name => now.includes(name))
  if (given.length === 0 && refused !== undefined) throw refused
  return given
}

function enableOne(files: CgroupFiles, dir: string, change: string, leaf: string): void {
  for (let round = 0; ; round++) {
    try {
      files.write(join(dir, 'cgroup.subtree_control'), change)
      return
    } catch (error) {
      if (errnoOf(error) !== 'EBUSY' || round === ROUNDS) throw error
      evacuate(files, dir, leaf)
    }
  }
}

/** Moves the processes of a group into a child of it. */
function evacuate(files: CgroupFiles, dir: string, leaf: string): void {
  files.make(leaf)
  for (const pid of wordsOf(files, join(dir, 'cgroup.procs'))) {
    try {
      files.write(join(leaf, 'cgroup.procs'), pid)
    } catch (error) {
      if (errnoOf(error) !== 'ESRCH') throw error // ended since
    }
  }
}

function wordsOf(files: CgroupFiles, path: string): readonly string[] {
  return (files.read(path) ?? '').split(/\s+/).filter(word => word !== '')
}

/** How often the kernel killed a process of this group for want of memory. */
export function oomKillsV2(files: CgroupFiles, dir: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(files.read(join(dir, 'memory.events')) ?? '')?.[1] ?? 0)
}
