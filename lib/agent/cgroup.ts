import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, errnoOf, reasonOf } from '../errors.ts'
import type { AgentCgroup } from '../model/agent-config.ts'
import { CONTROLLERS, findHierarchies } from './cgroup-detect.ts'
import { CGROUP_FILES, type CgroupFiles } from './cgroup-files.ts'
import { openPlace, type Place } from './cgroup-place.ts'
import { fillCpuset, limitV1, oomKillsV1 } from './cgroup-v1.ts'
import { limitV2, oomKillsV2 } from './cgroup-v2.ts'

/** The group of all agents and their groups in it (B24, B56). Nothing here throws: what fails is warned of. */
export interface Groups {
  /** null: there are none, and everything here does nothing. */
  readonly version: 1 | 2 | null
  /** The files a process of one thread writes 0 to before it becomes the agent; `own`: the agent has a group of its own. */
  procsOf(name: string, own: boolean): readonly string[]
  /** Makes an agent's own group, or changes its limits while it runs. */
  make(name: string, cgroup: AgentCgroup): void
  /** Removes an agent's own group; one with processes stays, for `prune` at the next start. */
  remove(name: string): void
  /** Removes the groups of all agents but these; those with processes stay. */
  prune(keep: ReadonlySet<string>): void
  /** Moves this process into the group (-G). */
  joinSelf(): void
  /** How often the kernel has killed for want of memory in the agent's own group, or in the one that all others share. */
  oomKills(name: string, own: boolean): number
  /** Removes what this process has made of the group and nobody is in. */
  close(): void
}

/** How groups are opened. */
export interface GroupOptions {
  /** /sys/fs/cgroup */
  readonly root: string
  readonly group: string
  warn(text: string): void
  /** For tests: how another kernel does it, and /proc/self/cgroup. */
  readonly files?: CgroupFiles
  readonly self?: string
}

/** Of an agent (B8); what else is in our group is not of our making. */
const AGENT_NAME = /^[A-Za-z0-9_-]{1,50}$/
const GROUP_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.@-]{0,99}$/

/**
 * Finds the cgroups and makes our group in them. Of what cannot be limited so, and why, there is one warning. Throws 'usage' for
 * a group whose name is none.
 */
export function openGroups(options: GroupOptions): Groups {
  const { root, group, warn, files = CGROUP_FILES } = options
  if (!GROUP_NAME.test(group)) throw new CommandError('usage', `'${group}' is no name of a cgroup`)
  const found = findHierarchies(root, files, options.self ?? selfCgroup())
  const places: Place[] = []
  const reasons: string[] = []
  for (const hierarchy of found) {
    try {
      places.push(openPlace(files, hierarchy, group))
    } catch (error) {
      reasons.push(`'${hierarchy.mount}': ${reasonOf(error)}`)
    }
  }
  const missing = CONTROLLERS.filter(name => !places.some(place => place.controllers.includes(name)))
  if (missing.length > 0) {
    warn(`no cgroup limits of ${missing.join(' and ')}: ${reasons.join('; ') || `'${root}' has no such controller`}`)
  }
  return new OpenGroups(places, files, warn)
}

function selfCgroup(): string {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8')
  } catch {
    return ''
  }
}

class OpenGroups implements Groups {
  readonly version: 1 | 2 | null
  readonly #places: readonly Place[]
  readonly #files: CgroupFiles
  readonly #warn: (text: string) => void
  /** What each agent was given, to make its group again where somebody has removed it. */
  readonly #given = new Map<string, AgentCgroup>()

  constructor(places: readonly Place[], files: CgroupFiles, warn: (text: string) => void) {
    this.version = places[0]?.version ?? null
    this.#places = places
    this.#files = files
    this.#warn = warn
  }

  /**
   * A process of one thread that moves itself by `tasks` needs not wait for the lock that each write to cgroup.procs takes from all
   * forks of the machine: 0.1 ms instead of 5 to 15 at a start after some quiet (Linux since 5.5). Version 2 has no such file.
   */
  procsOf(name: string, own: boolean): readonly string[] {
    const given = own ? this.#given.get(name) : undefined
    if (given !== undefined && this.#places.some(place => !this.#isThere(place.version, join(place.dir, name)))) {
      this.make(name, given)
    }
    return this.#groupsOf(name, own).map(({ version, dir }) => join(dir, version === 1 ? 'tasks' : 'cgroup.procs'))
  }

  make(name: string, cgroup: AgentCgroup): void {
    this.#given.set(name, cgroup)
    for (const place of this.#places) {
      const dir = join(place.dir, name)
      this.#try(`limit '${dir}'`, () => {
        if (this.#files.make(dir) && place.version === 1) fillCpuset(this.#files, dir)
        const limit = place.version === 1 ? limitV1 : limitV2
        limit(this.#files, dir, place.controllers, cgroup)
      })
    }
  }

  remove(name: string): void {
    this.#given.delete(name)
    for (const place of this.#places) this.#removeEmpty(join(place.dir, name))
  }

  prune(keep: ReadonlySet<string>): void {
    for (const place of this.#places) {
      for (const name of this.#files.list(place.dir)) {
        if (AGENT_NAME.test(name) && !keep.has(name)) this.#removeEmpty(join(place.dir, name))
      }
    }
  }

  joinSelf(): void {
    for (const { dir } of this.#groupsOf('', false)) {
      const file = join(dir, 'cgroup.procs')
      this.#try(`join '${file}'`, () => this.#files.write(file, String(process.pid)))
    }
  }

  oomKills(name: string, own: boolean): number {
    const place = this.#places.find(({ controllers }) => controllers.includes('memory'))
    if (place === undefined) return 0
    const dir = own ? join(place.dir, name) : place.shared
    return place.version === 1 ? oomKillsV1(this.#files, dir) : oomKillsV2(this.#files, dir)
  }

  close(): void {
    this.prune(new Set())
    for (const place of this.#places) for (const dir of place.made.toReversed()) this.#removeEmpty(dir)
  }

  #groupsOf(name: string, own: boolean): readonly { readonly version: 1 | 2; readonly dir: string }[] {
    return this.#places
      .map(({ version, dir, shared }) => {
        const wanted = join(dir, name)
        return { version, dir: own && this.#isThere(version, wanted) ? wanted : shared }
      })
      .filter(({ version, dir }) => this.#isThere(version, dir))
  }

  /** Looks at a file that costs the kernel nothing, as cgroup.procs does where a thousand agents are. */
  #isThere(version: 1 | 2, dir: string): boolean {
    return this.#files.isThere(join(dir, version === 1 ? 'notify_on_release' : 'cgroup.controllers'))
  }

  /** A group with processes, or with groups that the agent made itself, stays. */
  #removeEmpty(dir: string): void {
    this.#try(`remove '${dir}'`, () => {
      try {
        this.#files.remove(dir)
      } catch (error) {
        if (errnoOf(error) !== 'EBUSY' && errnoOf(error) !== 'ENOTEMPTY') throw error
      }
    })
  }

  #try(doing: string, deed: () => void): void {
    try {
      deed()
    } catch (error) {
      this.#warn(`unable to ${doing}: ${reasonOf(error)}`)
    }
  }
}
