import { isLeftRunning } from './forks.ts'
import type { Supervisor } from './supervisor.ts'
import type { Surroundings } from './surroundings.ts'
import type { Unit } from './unit.ts'

/** Starts agents that never were (B20), one a turn of the loop, so that a thousand starts hold nothing up. */
export function startAll(supervisor: Supervisor, units: readonly Unit[]): void {
  let at = 0
  const next = () => {
    const unit = units[at++]
    if (unit === undefined || supervisor.stopping) return
    if (isUntouched(supervisor, unit)) supervisor.tell(unit, { type: 'start' })
    setImmediate(next)
  }
  next()
}

/** Takes over the daemons that the agent-spawn before has left running, whoever started them (B15, B21). */
export function adoptLeft(
  supervisor: Supervisor,
  units: readonly Unit[],
  { taken, forks }: Pick<Surroundings, 'taken' | 'forks'>,
): void {
  for (const unit of units) {
    if (unit.life.state === 'stoped' && isLeftRunning(unit.config, taken, forks))
      supervisor.tell(unit, { type: 'start' })
  }
}

/** Nobody was quicker, wants it stopped, or has removed it. */
function isUntouched(supervisor: Supervisor, unit: Unit): boolean {
  const { state, started } = unit.life
  return supervisor.units.get(unit.name) === unit && unit.config.autostart && state === 'stoped' && started === null
}
