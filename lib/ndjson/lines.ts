import { StringDecoder } from 'node:string_decoder'

/** The longest line that is read, in characters: far above any record of ours, far below what hurts. */
export const LINE_LIMIT = 1024 * 1024

/** One line of input: its number from 1, its text without the line end, or undefined where it was too long to keep. */
export interface NumberedLine {
  readonly line: number
  readonly text: string | undefined
}

/**
 * Splits a byte stream into numbered lines, a whole chunk at a time. A line over the limit is not kept and comes as
 * undefined with its number; split2 would drop it silently and count on. A final CR is taken off, as is a leading BOM.
 */
export async function* readLines(input: AsyncIterable<Uint8Array>, limit = LINE_LIMIT): AsyncGenerator<NumberedLine> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let tooLong = false
  let line = 0
  const take = (text: string): NumberedLine => {
    line++
    if (tooLong || text.length > limit) {
      tooLong = false
      return { line, text: undefined }
    }
    const from = line === 1 && text.charCodeAt(0) === 0xfeff ? 1 : 0
    return { line, text: text.endsWith('\r') ? text.slice(from, -1) : text.slice(from) }
  }
  for await (const chunk of input) {
    const text = rest + decoder.write(chunk)
    let from = 0
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      yield take(text.slice(from, at))
      from = at + 1
    }
    rest = text.slice(from)
    if (rest.length > limit) {
      tooLong = true
      rest = ''
    }
  }
  rest += decoder.end()
  if (rest !== '' || tooLong) yield take(rest)
}
