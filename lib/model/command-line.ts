/**
 * Splits a command line into words at blanks, with quotes and backslashes as in sh, but nothing is expanded.
 * Throws an Error at an open quote or where there is no word.
 */
export function toWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  const pattern = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(\s+)|(.)/gsy
  for (const [, single, double, escaped, plain, blank, wrong] of text.matchAll(pattern)) {
    if (wrong !== undefined) throw new Error(`'${text}': a ${wrong === '\\' ? 'backslash' : 'quote'} is left open`)
    if (blank !== undefined) {
      if (word !== undefined) words.push(word)
      word = undefined
      continue
    }
    word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '')
  }
  if (word !== undefined) words.push(word)
  if (words.length === 0) throw new Error('no command')
  return words
}
