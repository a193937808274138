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

/** Rendered lines are gathered into pieces of this many characters. */
const PIECE_CHARS = 64 * 1024

/** Renders the state in pieces, one record a line, its header first: the whole text never stands in memory. */
export function* renderState({ header, units, domains }: DampingState): Generator<string> {
  const { type, version, round, time, mass_rounds, config } = header
  const counts = { units: units.size, domains: domains.size }
  const first: StateHeader = { type, version, round, time, mass_rounds, config, ...counts }
  let piece = `${JSON.stringify(first)}\n`
  for (const records of [units, domains]) {
    for (const record of records.values()) {
      piece += `${JSON.stringify(record)}\n`
      if (piece.length < PIECE_CHARS) continue
      yield piece
      piece = ''
    }
  }
  yield piece
}

/**
 * Parses a state file that comes in pieces; an empty one is the state before the first round. A file of ours that is
 * torn, damaged or of another version is told as a fault and nothing of it is used: ranking must not stop for it, what
 * is published is known from the zone file, and the rest is learnt again within a few rounds. A file that is no state at
 * all is a mistake in the command line, and would be overwritten: that throws 'data'.
 */
export function parseState(pieces: Iterable<string>, file: string): ParsedState {
  const units = new Map<string, UnitState>()
  const domains = new Map<string, DomainState>()
  let first: StateHeader | undefined
  let line = 0
  for (const { text, isWhole } of linesOf(pieces)) {
    line++
    if (first === undefined && text.trim() === '') continue
    if (first === undefined && !text.startsWith('{"type":"damping-state"')) {
      throw new CommandError('data', `'${file}' is no state file of rank-ips: line ${line} is no damping-state record`)
    }
    if (!isWhole) return faulty(line, 'the line is cut short')
    try {
      const record: unknown = JSON.parse(text)
      if (first === undefined) first = toHeader(record)
      else if (units.size < first.units) addUnit(units, record)
      else addDomain(domains, record)
    } catch (error) {
      return faulty(
        line,
        error instanceof SyntaxError ? 'not JSON' : String(error instanceof Error ? error.message : error),
      )
    }
  }
  if (first === undefined) return { state: EMPTY_STATE, fault: null }
  const { units: _, domains: count, ...header } = first
  if (domains.size !== count) return faulty(line + 1, `${count} domains should follow, ${domains.size} do`)
  return { state: { header, units, domains }, fault: null }
}

const checkHeader = checkOf(StateHeader)
const checkUnit = checkOf(UnitState)
const checkDomain = checkOf(DomainState)

function faulty(line: number, reason: string): ParsedState {
  return { state: EMPTY_STATE, fault: `line ${line}: ${reason}` }
}

function toHeader(record: unknown): StateHeader {
  const header = checkHeader(record)
  if (header.version === STATE_VERSION) return header
  throw new Error(`version ${header.version}, this program knows ${STATE_VERSION}`)
}

function addUnit(units: Map<string, UnitState>, record: unknown): void {
  const unit = checkUnit(record)
  units.set(unit.unit, unit)
}

function addDomain(domains: Map<string, DomainState>, record: unknown): void {
  const domain = checkDomain(record)
  domains.set(domain.domain, domain)
}

/** The lines of a text that comes in pieces; the last is not whole where its line end is missing. */
function* linesOf(pieces: Iterable<string>): Generator<{ readonly text: string; readonly isWhole: boolean }> {
  let rest = ''
  for (const piece of pieces) {
    const text = rest + piece
    let from = 0
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      yield { text: text.slice(from, at), isWhole: true }
      from = at + 1
    }
    rest = text.slice(from)
  }
  if (rest !== '') yield { text: rest, isWhole: false }
}
