import type { AgentState } from '../model/agent.ts'
import type { AgentConfig } from '../model/agent-config.ts'
import { type Life, type LifeAction, newLife } from './life.ts'

/** What one event leads to. */
export interface Move {
  readonly life: Life
  readonly actions: readonly LifeAction[]
}

/** What every decision looks at beside the life. */
export interface Setting {
  readonly config: AgentConfig
  /** Seconds since the epoch. */
  readonly now: number
}

/** Nothing is to be done. */
export function stay(life: Life): Move {
  return { life, actions: [] }
}

/** A life at rest in a state; `until`: when it is launched again by itself. */
export function rest(life: Life, state: AgentState, now: number, until: number | null = null): Life {
  const { started, failures, restarts, ending, forced } = life
  return { ...newLife(now), state, until, started, failures, restarts, ending, forced }
}

/** Launches now; `again`: it follows an earlier run, which is what `restarts` counts. */
export function launch(life: Life, { now }: Setting, again: boolean): Move {
  const restarts = life.restarts + (again ? 1 : 0)
  return {
    life: { ...rest(life, 'starting', now), started: null, ending: null, forced: null, restarts },
    actions: [{ type: 'launch' }],
  }
}

/** The same move with actions before its own. */
export function after(actions: readonly LifeAction[], move: Move): Move {
  return { life: move.life, actions: [...actions, ...move.actions] }
}
