import type { Groups } from './cgroup.ts'
import type { DaemonLog } from './daemon-log.ts'
import type { EventStore } from './event-store.ts'
import type { ForkJournal } from './forks.ts'
import type { LeftoverJournal } from './leftovers.ts'
import type { Spare } from './spare.ts'

/** What all agents of one agent-spawn share. */
export interface Surroundings {
  /** Seconds since the epoch. */
  readonly now: () => number
  readonly log: DaemonLog
  readonly events: EventStore
  readonly groups: Groups
  /** What runs, for the next agent-spawn, should this one be killed. */
  leftovers: LeftoverJournal | null
  /** The processes of `fork` agents: also those that the agent-spawn before knew of. */
  forks: ForkJournal | null
  /** Where NAME.log are; null: the agents write on our standard error. */
  readonly logDir: string | null
  /** BOOTSOCK; empty where there is none. */
  readonly bootsock: string
  /** Not root: no users, no supplementary groups. */
  readonly unprivileged: boolean
  /** The pids of all agents: none of them is adopted for another one. */
  readonly taken: Set<number>
  /** null: agents are always started from the beginning. */
  readonly spare: Spare | null
}
