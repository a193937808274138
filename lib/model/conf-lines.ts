/** One line of a configuration file: its number from 1, its text, or undefined where it was too long to keep. */
export interface ConfLine {
  readonly line: number
  readonly text: string | undefined
}

/** A file's whole text, or its lines. */
export type ConfInput = string | Iterable<ConfLine>

/** What is wrong with a line. An error drops its record, a warning keeps it. */
export interface Remark {
  readonly severity: 'error' | 'warning'
  readonly reason: string
}

/** A remark with its place; `file` is null for standard input. */
export interface ConfFault extends Remark {
  readonly file: string | null
  readonly line: number
}

/** The longest line of the legacy formats, in bytes (formats 2.1). */
const CONF_LINE_LIMIT = 8191

/** What is said of a longer one. */
export const TOO_LONG = `the line is longer than ${CONF_LINE_LIMIT} bytes`

/** Collects all that is wrong with one line. */
export class Remarks {
  readonly list: Remark[] = []

  /** True once there is an error: the record cannot be used. */
  get failed(): boolean {
    return this.list.some(({ severity }) => severity === 'error')
  }

  error(reason: string): void {
    this.list.push({ severity: 'error', reason })
  }

  warning(reason: string): void {
    this.list.push({ severity: 'warning', reason })
  }
}

/** A file's text as numbered lines; a BOM at its start and the CR of a line end are taken off. */
export function* toConfLines(input: ConfInput): Generator<ConfLine> {
  if (typeof input !== 'string') return yield* input
  const texts = (input.startsWith('\ufeff') ? input.slice(1) : input).split('\n')
  if (texts.at(-1) === '') texts.pop()
  for (const [at, text] of texts.entries()) yield { line: at + 1, text }
}

/** The line without blanks at its ends; undefined where it is to be skipped: empty, a comment, or beginning with NUL. */
export function contentOf(text: string): string | undefined {
  const content = text.trim()
  return content === '' || content.startsWith('#') || content.startsWith('\0') ? undefined : content
}

/** Is it over the limit of the legacy formats? */
export function isTooLong(text: string): boolean {
  return (
    text.length > CONF_LINE_LIMIT || (text.length * 3 > CONF_LINE_LIMIT && Buffer.byteLength(text) > CONF_LINE_LIMIT)
  )
}

/** The fields of a line, separated by blanks and tabs. */
export function fieldsOf(content: string): readonly string[] {
  return content.split(/[ \t]+/)
}

/** Foreign text for a message: in single quotes, cut, without anything a terminal could take for a command. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return `'${short.replaceAll(/[\0-\x1f\x7f-\x9f]/g, '?')}'`
}
