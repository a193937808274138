import type { Groups } from './cgroup.ts'
import type { Unit } from './unit.ts'

/** What the kernel kills for want of memory in the groups of the agents: it tells nobody, but counts (B51, B56). */
export class OomWatch {
  readonly #groups: Groups
  /** Kills in the common group that were told. */
  #common: number

  constructor(groups: Groups) {
    this.#groups = groups
    this.#common = groups.oomKills('', false)
  }

  /** Whether there was one in the agent's own group since its start, or, where it ended by SIGKILL, in the common one. */
  wasOom({ name, config, oomBefore }: Unit, signal: string | null): boolean {
    if (config.cgroup !== null) return this.#groups.oomKills(name, true) > oomBefore
    if (signal !== 'SIGKILL' || this.#groups.oomKills('', false) <= this.#common) return false
    this.#common++
    return true
  }

  /** Tells of those that no agent's end has told of: of an agent that lives on, or of the common group (null). */
  look(units: Iterable<Unit>, told: (unit: Unit | null, text: string) => void): void {
    const common = this.#groups.oomKills('', false)
    if (common > this.#common) told(null, `${render(common - this.#common)} of the common group`)
    this.#common = common
    for (const unit of units) {
      if (unit.life.process === null || unit.config.cgroup === null) continue
      const kills = this.#groups.oomKills(unit.name, true)
      if (kills > unit.oomBefore) told(unit, `${render(kills - unit.oomBefore)} of it`)
      unit.oomBefore = kills
    }
  }
}

function render(count: number): string {
  return `for want of memory the kernel killed ${count === 1 ? 'a process' : `${count} processes`}`
}
