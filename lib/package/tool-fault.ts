import type { Fault } from '../errors.ts'

/** What a package tool says when it failed for a reason that is not the package's; the first that fits counts. */
const SAYINGS: readonly (readonly [Fault, RegExp])[] = [
  [
    'permission',
    /superuser privilege|are you root\?|Permission denied|has to be run with superuser|with the root user/i,
  ],
  ['io', /No space left on device|needs \d+\w* more space|not enough (free )?(disk )?space/i],
  [
    'again',
    /(frontend|database) (lock )?(was|is) locked|Could not get lock|Unable to (lock|acquire)|database is locked/i,
  ],
  ['again', /transaction lock|is currently holding the \w+ lock|Waiting for process with pid/i],
]

/** The last lines of an error that are told, and their length in characters. */
const LINES_MOST = 4
const TEXT_MOST = 400

/** Why a package tool has failed, by what it wrote: 'no' is the package itself. Pure. */
export function toolFault(text: string): Fault {
  return SAYINGS.find(([, saying]) => saying.test(text))?.[0] ?? 'no'
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
