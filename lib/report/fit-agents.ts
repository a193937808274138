import type { Snapshot } from '../model/report.ts'
import { renderAgent, sizeOf, sizeOfAll } from './wire.ts'

/** The agents of one report, as JSON texts, and what was left out of them, in words. */
export interface FittedAgents {
  readonly texts: readonly string[]
  readonly faults: readonly string[]
}

/**
 * The agents of a report, in at most `room` bytes (B9): without what they use where all of it does not fit; and where they do
 * not fit even so, in parts, of which each report carries the next. `turn` counts the reports: after as many as there are parts,
 * all agents were told.
 */
export function fitAgents(agents: Snapshot['agents'], room: number, turn: number): FittedAgents {
  const whole = agents.map(renderAgent)
  if (sizeOfAll(whole) <= room) return { texts: whole, faults: [] }
  const faults = ['what the agents use is left out: the report would be too large']
  const parts: string[][] = []
  let left = 0
  for (const { name, version, status, uptime } of agents) {
    const text = renderAgent({ name, version, status, uptime })
    const size = sizeOf(text)
    if (size > room) {
      faults.push(`agent '${name}' is left out: no report has room for it`)
      continue
    }
    if (parts.length === 0 || size > left) {
      parts.push([])
      left = room
    }
    parts.at(-1)?.push(text)
    left -= size
  }
  const texts = parts[turn % parts.length] ?? []
  const waiting = parts.flat().length - texts.length
  if (waiting > 0) faults.push(`${waiting} agents wait for a later report: this one would be too large`)
  return { texts, faults }
}
