import type { Fault } from '../errors.ts'

/** Why a package tool has failed: whose fault it is and, where it is not the package's, what is told of it always alike. */
export interface ToolFailure {
  readonly fault: Fault
  readonly words: string | null
}

const NOT_PERMITTED = { fault: 'permission', words: 'not permitted' } as const
const NO_SPACE = { fault: 'io', words: 'no space left on device' } as const
const LOCKED = { fault: 'again', words: 'its database is locked' } as const

/** What the tools say of it; the first that fits counts. A script of a package may say the like of what it does itself. */
const SAYINGS: readonly (readonly [ToolFailure, RegExp])[] = [
  [NOT_PERMITTED, /superuser privilege|are you root\?|with the root user|need to be root/i],
  [NOT_PERMITTED, /^(?:error|E|dpkg[\w-]*):.*Permission denied/m],
  [
    NO_SPACE,
    /No space left on device|database or disk is full|needs \d+\w* more space|not enough (free )?(disk )?space/i,
  ],
  [
    LOCKED,
    /(frontend|database) (lock )?(was|is) locked|Could not get lock|Unable to (lock|acquire)|database is locked/i,
  ],
  [LOCKED, /transaction lock|is currently holding the \w+ lock|Waiting for process with pid/i],
]

/** The last lines of an error that are told, and their length in characters. */
const LINES_MOST = 4
const TEXT_MOST = 400

/** Why a package tool has failed, by what it wrote: 'no' is the package itself. Pure. */
export function toolFailure(text: string): ToolFailure {
  return SAYINGS.find(([, saying]) => saying.test(text))?.[0] ?? { fault: 'no', words: null }
}

/** Rpm ends with 0 also where it could not write its database, as on a full disk. Pure. */
export function isFailure(code: number | null, stderr: string): boolean {
  return code !== 0 || /^error: sqlite failure: /m.test(stderr)
}

/** The last lines of what a tool wrote, as one line. Pure. */
export function lastLines(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map(line => line.replaceAll(/\s+/g, ' ').trim())
    .filter(line => line !== '')
  const told = lines.slice(-LINES_MOST).join('; ')
  return told.length > TEXT_MOST ? `…${told.slice(-TEXT_MOST)}` : told
}
