import { CommandError } from '../../errors.ts'
import { checkOf } from '../../model/check.ts'
import { type DampingState, DomainState, STATE_VERSION, StateHeader, UnitState } from '../../model/damping-state.ts'

/** The state before the first round. */
export const EMPTY_STATE: DampingState = {
  header: { type: 'damping-state', version: STATE_VERSION, round: 0, time: 0, mass_rounds: 0, config: '' },
  units: new Map(),
  domains: new Map(),
}

/** A state file as it was found: `fault` says why nothing of it is used, with its line. */
export interface ParsedState {
  readonly state: DampingState
  readonly fault: string | null
}

/** Renders the state, one record a line, its header first. */
export function renderState({ header, units, domains }: DampingState): string {
  const { type, version, round, time, mass_rounds, config } = header
  const first: StateHeader = {
    type,
    version,
    round,
    time,
    mass_rounds,
    config,
    units: units.size,
    domains: domains.size,
  }
  const lines = [first, ...units.values(), ...domains.values()].map(record => JSON.stringify(record))
  return `${lines.join('\n')}\n`
}

/**
 * Parses a state file; an empty one is the state before the first round. A file of ours that is torn, damaged or of
 * another version is told as a fault and nothing of it is used: ranking must not stop for it, what is published is known
 * from the zone file, and the rest is learnt again within a few rounds. A file that is no state at all is a mistake in the
 * command line, and would be overwritten: that throws 'data'.
 */
export function parseState(text: string, file: string): ParsedState {
  if (text.trim() === '') return { state: EMPTY_STATE, fault: null }
  const lines = text.split('\n')
  if (!(lines[0] ?? '').startsWith('{"type":"damping-state"')) {
    throw new CommandError('data', `'${file}' is no state file of rank-ips: line 1 is no damping-state record`)
  }
  if (!text.endsWith('\n')) return faulty(lines.length, 'the line is cut short')
  lines.pop()
  let line = 1
  try {
    const { units: unitLines, domains: domainLines, ...header } = checkHeader(JSON.parse(lines[0] ?? ''))
    if (header.version !== STATE_VERSION)
      return faulty(1, `version ${header.version}, this program knows ${STATE_VERSION}`)
    const units = new Map<string, UnitState>()
    const domains = new Map<string, DomainState>()
    for (line = 2; line <= lines.length; line++) {
      const record: unknown = JSON.parse(lines[line - 1] ?? '')
      if (line > unitLines + 1) {
        const domain = checkDomain(record)
        domains.set(domain.domain, domain)
      } else {
        const unit = checkUnit(record)
        units.set(unit.unit, unit)
      }
    }
    if (domains.size !== domainLines) return faulty(line, `${domainLines} domains should follow, ${domains.size} do`)
    return { state: { header, units, domains }, fault: null }
  } catch (error) {
    return faulty(
      line,
      error instanceof SyntaxError ? 'not JSON' : error instanceof Error ? error.message : String(error),
    )
  }
}

const checkHeader = checkOf(StateHeader)
const checkUnit = checkOf(UnitState)
const checkDomain = checkOf(DomainState)

function faulty(line: number, reason: string): ParsedState {
  return { state: EMPTY_STATE, fault: `line ${line}: ${reason}` }
}
