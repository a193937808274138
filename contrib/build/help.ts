/** One option as `-h` prints it. */
export interface HelpOption {
  readonly short: string | undefined
  readonly long: string | undefined
  readonly value: string | undefined
  readonly help: string
}

/** What `-h` says: the synopsis' operands and the options in their order. */
export interface Help {
  readonly operands: string
  readonly options: readonly HelpOption[]
}

/** Reads the text of `-h` back: the form is lib/cli/help.ts's. */
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
  }
}
