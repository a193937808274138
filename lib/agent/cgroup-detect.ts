import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { CgroupFiles } from './cgroup-files.ts'

/** What we use of cgroups (B24). */
export const CONTROLLERS = ['cpu', 'memory'] as const

/** See CONTROLLERS. */
export type Controller = (typeof CONTROLLERS)[number]

/** One mounted tree of cgroups. */
export interface Hierarchy {
  readonly version: 1 | 2
  readonly mount: string
  /** Those of ours that it has, and that no other one has been taken for. */
  readonly controllers: readonly Controller[]
  /** Where this process is in it: `/system.slice/x.service`; `/` where that is not known. */
  readonly own: string
}

/** The file that shows a controller of version 1. */
const SIGNS: Readonly<Record<Controller, string>> = { cpu: 'cpu.shares', memory: 'memory.limit_in_bytes' }

/**
 * Which trees there are below `root` (B56): one of version 2 where `cgroup.controllers` is in it; else those of version 1 below
 * it, known by their files and not by their names, since controllers may be mounted together and have links; and
 * for what these have not, one of version 2 beside them. `self` is /proc/self/cgroup.
 */
export function findHierarchies(root: string, files: CgroupFiles, self: string): readonly Hierarchy[] {
  const unified = unifiedOf(root, files, CONTROLLERS, self)
  if (unified !== null) return unified.controllers.length > 0 ? [unified] : []
  const found: Hierarchy[] = []
  const missing = new Set<Controller>(CONTROLLERS)
  const mounts = mountsBelow(root, files)
  for (const mount of mounts) {
    const controllers = [...missing].filter(name => files.read(join(mount, SIGNS[name])) !== null)
    const [first] = controllers
    if (first === undefined) continue
    for (const name of controllers) missing.delete(name)
    found.push({ version: 1, mount, controllers, own: positionOf(self, first) })
  }
  for (const mount of mounts) {
    const beside = missing.size === 0 ? null : unifiedOf(mount, files, [...missing], self)
    if (beside === null) continue
    found.push(beside)
    for (const name of beside.controllers) missing.delete(name)
  }
  return found.filter(hierarchy => hierarchy.controllers.length > 0)
}

/** Where /proc/self/cgroup says that this process is, in the tree of a controller of version 1 or ('') of version 2. */
export function positionOf(self: string, controller: Controller | ''): string {
  for (const line of self.split('\n')) {
    const [, names = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    if (path === '' || path.includes('/..')) continue // outside of our own namespace
    if (controller === '' ? names === '' : names.split(',').includes(controller)) return path
  }
  return '/'
}

function unifiedOf(mount: string, files: CgroupFiles, wanted: readonly Controller[], self: string): Hierarchy | null {
  const words = files.read(join(mount, 'cgroup.controllers'))?.trim().split(' ')
  if (words === undefined) return null
  return { version: 2, mount, controllers: wanted.filter(name => words.includes(name)), own: positionOf(self, '') }
}

/** Each mount once, whatever links lead to it. */
function mountsBelow(root: string, files: CgroupFiles): readonly string[] {
  const mounts = new Set<string>()
  for (const name of files.list(root)) {
    try {
      mounts.add(realpathSync(join(root, name)))
    } catch {} // a link to nothing
  }
  return [...mounts].sort()
}
