/** One option as `-h` prints it. */
export interface HelpOption {
  readonly short: string | undefined
  readonly long: string | undefined
  readonly value: string | undefined
  readonly help: string
}

/** One verb as `-h` prints it: its one or two words and its operands. */
export interface HelpVerb {
  readonly words: string
  readonly operands: string
  readonly help: string
}

/** What `-h` says: the synopsis' operands, the options in their order, and the verbs of a command that has some. */
export interface Help {
  readonly operands: string
  readonly options: readonly HelpOption[]
  readonly verbs: readonly HelpVerb[]
}

/** Reads the text of `-h` back: the form is that of lib/cli/help.ts and lib/cli/verbs.ts. */
export function parseHelp(text: string): Help {
  const options: HelpOption[] = []
  for (const line of text.split('\n')) {
    const match = /^ {2}(?:-(\w),? )? *(?:--([\w-]+))?(?: ?(\S.*?))?(?: {2,}(\S.*))$/.exec(line)
    if (match === null || (match[1] === undefined && match[2] === undefined)) continue
    options.push({ short: match[1], long: match[2], value: match[3], help: match[4] ?? '' })
  }
  const synopsis = /^usage: (.*)$/m.exec(text)?.[1] ?? ''
  return {
    operands: synopsis
      .replace(/^\S+/, '')
      .replaceAll(/\[-[^\]]*\]…?|(?<=\s)--?[a-z]\S* [A-Z]+…?/g, '')
      .trim(),
    options,
    verbs: parseVerbs(text.split('\nverbs:\n')[1] ?? ''),
  }
}

function parseVerbs(text: string): HelpVerb[] {
  const lines = text.matchAll(/^ {2}([a-z\d]+(?: [a-z]+)?)(?: \[-[^\]]*\])*(?: (\S+))? {2,}(\S.*)$/gm)
  return [...lines].map(([, words = '', operands = '', help = '']) => ({ words, operands, help }))
}
