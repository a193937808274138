import { type ConfigFault, plain } from './agent-config-fields.ts'

/** Objects and lists inside one another: more than any configuration has, less than any stack. */
const DEPTH_LIMIT = 32

const BLANKS = /[ \t\r\n]*/y
const STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\x00-\x1f]*)*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y

/** Where a scan stands, and the members it has met twice. */
interface Scan {
  readonly text: string
  at: number
  readonly repeated: ConfigFault[]
}

/** Not a reason to go on: thrown with what is wrong at the place where the scan stands. */
class ScanFault extends Error {}

/**
 * Looks at a JSON text before JSON.parse does: says what is wrong as `line 2, column 3: reason` (JSON.parse often names no
 * place), and which members an object has twice (JSON.parse takes the last, and says nothing).
 */
export function scanJson(text: string): { readonly fault: string | null; readonly repeated: readonly ConfigFault[] } {
  const scan: Scan = { text, at: 0, repeated: [] }
  try {
    scanValue(scan, '', 0)
    if (!atEnd(scan)) throw new ScanFault('something stands after the end of the object')
    return { fault: null, repeated: scan.repeated }
  } catch (error) {
    if (!(error instanceof ScanFault)) throw error
    return { fault: `${placeOf(text, scan.at)}: ${commentAt(scan) ?? error.message}`, repeated: [] }
  }
}

function scanValue(scan: Scan, field: string, depth: number): void {
  skip(scan, BLANKS)
  if (depth > DEPTH_LIMIT) throw new ScanFault(`more than ${DEPTH_LIMIT} objects and lists inside one another`)
  const char = scan.text[scan.at]
  if (char === '{') scanMembers(scan, field, depth)
  else if (char === '[') scanItems(scan, field, depth)
  else if (!skip(scan, STRING) && !skip(scan, NUMBER) && !skip(scan, WORD)) throw wanted(scan, 'a value')
}

function scanMembers(scan: Scan, field: string, depth: number): void {
  const starts = new Map<string, number>()
  scan.at += 1
  if (takeChar(scan, '}')) return
  do {
    skip(scan, BLANKS)
    const start = scan.at
    if (!skip(scan, STRING)) throw wanted(scan, 'a name in double quotes')
    const name: string = JSON.parse(scan.text.slice(start, scan.at))
    const inner = field === '' ? plain(name) : `${field}.${plain(name)}`
    const before = starts.get(name)
    if (before !== undefined) noteRepeated(scan, inner, before, start)
    starts.set(name, start)
    if (!takeChar(scan, ':')) throw wanted(scan, "':'")
    scanValue(scan, inner, depth + 1)
  } while (takeChar(scan, ','))
  if (!takeChar(scan, '}')) throw wanted(scan, "',' or '}'")
}

function noteRepeated({ text, repeated }: Scan, field: string, before: number, start: number): void {
  repeated.push({ field, reason: `is given twice: ${placeOf(text, before)} and ${placeOf(text, start)}` })
}

function scanItems(scan: Scan, field: string, depth: number): void {
  scan.at += 1
  if (takeChar(scan, ']')) return
  do scanValue(scan, field, depth + 1)
  while (takeChar(scan, ','))
  if (!takeChar(scan, ']')) throw wanted(scan, "',' or ']'")
}

function takeChar(scan: Scan, char: string): boolean {
  skip(scan, BLANKS)
  if (scan.text[scan.at] !== char) return false
  scan.at += 1
  return true
}

function skip(scan: Scan, pattern: RegExp): boolean {
  pattern.lastIndex = scan.at
  if (!pattern.test(scan.text)) return false
  scan.at = pattern.lastIndex
  return true
}

function atEnd(scan: Scan): boolean {
  skip(scan, BLANKS)
  return scan.at === scan.text.length
}

function wanted(scan: Scan, what: string): ScanFault {
  const char = scan.text.slice(scan.at, scan.at + 1)
  if (char === '') return new ScanFault(`the text ends where ${what} should be`)
  return new ScanFault(`${what} should be here, not '${plain(char)}'`)
}

function commentAt({ text, at }: Scan): string | undefined {
  return /^(?:#|\/\/|\/\*)/.test(text.slice(at, at + 2)) ? 'a comment, which JSON does not have' : undefined
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at)
  return `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`
}
