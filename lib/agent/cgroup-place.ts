import { join } from 'node:path'
import { CommandError } from '../errors.ts'
import type { Controller, Hierarchy } from './cgroup-detect.ts'
import type { CgroupFiles } from './cgroup-files.ts'
import { fillCpuset } from './cgroup-v1.ts'
import { enable } from './cgroup-v2.ts'

/** Our group in one tree, made and ready. */
export interface Place {
  readonly version: 1 | 2
  readonly dir: string
  /** Where the processes are that have no group of their own. */
  readonly shared: string
  readonly controllers: readonly Controller[]
  /** What was made for it, outermost first. */
  readonly made: readonly string[]
}

/** The children that are no agent's: no name of an agent has a dot (B8). */
const SHARED = 'agents.shared'
const SELF = 'bootagent.self'

/**
 * Makes our group in a tree (B56): at its top, or, where we may not write there, below the group this process is in, as
 * systemd delegates it (Delegate=yes) and containers have it. In version 2 only groups without processes can limit their
 * children: agents without limits go to a child of their own, and where the group is below our own one, what is there moves
 * to another. Throws what the system says of the last place that was tried, 'config' where no controller is left.
 */
export function openPlace(files: CgroupFiles, hierarchy: Hierarchy, group: string): Place {
  const bases = [hierarchy.mount]
  const own = ownBase(hierarchy.own, group)
  if (own !== '/') bases.push(join(hierarchy.mount, own))
  let reason: unknown
  for (const base of bases) {
    try {
      return hierarchy.version === 1 ? placeV1(files, hierarchy, base, group) : placeV2(files, hierarchy, base, group)
    } catch (error) {
      reason = error
    }
  }
  throw reason
}

/** The group we were started in: not the ones that an agent-spawn before us has made in it. */
function ownBase(own: string, group: string): string {
  for (const made of [`/${SELF}`, `/${group}/${SHARED}`, `/${group}`]) {
    if (own.endsWith(made)) return own.slice(0, -made.length) || '/'
  }
  return own
}

function placeV1(files: CgroupFiles, hierarchy: Hierarchy, base: string, group: string): Place {
  const dir = join(base, group)
  const made = files.make(dir) ? [dir] : []
  for (const path of [dir, join(dir, 'cgroup.procs'), join(dir, 'tasks')]) files.access(path)
  fillCpuset(files, dir)
  return { version: 1, dir, shared: dir, controllers: hierarchy.controllers, made }
}

function placeV2(files: CgroupFiles, hierarchy: Hierarchy, base: string, group: string): Place {
  const dir = join(base, group)
  const shared = join(dir, SHARED)
  const given = enable(files, base, hierarchy.controllers, join(base, SELF))
  if (given.length === 0) throw new CommandError('config', `'${base}' has neither cpu nor memory`)
  const made = [dir, shared].filter(path => files.make(path))
  files.access(dir)
  files.access(join(shared, 'cgroup.procs'))
  return { version: 2, dir, shared, controllers: enable(files, dir, given, shared), made }
}
