import mri from 'mri'
import { CommandError } from '../errors.ts'
import { nearestOf } from '../model/nearest.ts'
import type { Args, CommandSpec, OptionSpec, OptionValues } from './command.ts'

/** `-h` and `-V`, which every command has. */
export const COMMON_OPTIONS = {
  help: { short: 'h', long: 'help', help: 'print this help' },
  version: { short: 'V', long: 'version', help: 'print the version' },
} as const satisfies Record<string, OptionSpec>

/** The words of one command line, sorted but not yet converted. */
export interface RawArgs {
  readonly values: Readonly<Record<string, unknown>>
  readonly operands: readonly string[]
}

/**
 * Sorts argv by the command's table. mri alone loses a bare `-` and the word after it, turns `007` into 7 and takes
 * unknown options silently, so it gets only canonical words: `--key=value` and `--key`. Throws a 'usage' CommandError.
 */
export function sortArgs(spec: CommandSpec, argv: readonly string[]): RawArgs {
  const options: Record<string, OptionSpec> = { ...spec.options, ...COMMON_OPTIONS }
  const operands: string[] = []
  const canonical: string[] = []
  const seen = new Set<string>()
  const add = (key: string, shown: string, value?: string) => {
    if (seen.has(key) && !options[key]?.repeat) throw usage(`option ${shown} was given twice`)
    seen.add(key)
    canonical.push(value === undefined ? `--${key}` : `--${key}=${value}`)
  }
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '--') {
      operands.push(...argv.slice(i + 1))
      break
    }
    if (word === '-' || !word.startsWith('-')) {
      operands.push(word)
      continue
    }
    for (const { shown, key, glued } of splitWord(options, word)) {
      const spec = options[key]
      if (spec?.value === undefined) {
        if (glued !== undefined) throw usage(`option ${shown} takes no value`)
        add(key, shown)
        continue
      }
      const value = glued ?? argv[++i]
      if (value === undefined || value === '') throw usage(`option ${shown} needs a value: ${spec.value}`)
      add(key, shown, value)
    }
  }
  const keys = Object.keys(options)
  const parsed = mri(canonical, {
    string: keys.filter(key => options[key]?.value !== undefined),
    boolean: keys.filter(key => options[key]?.value === undefined),
  })
  return { values: parsed, operands }
}

/** Looks at the values that were given, whatever else is missing; throws a 'usage' CommandError that says the bounds. */
export function checkValues(spec: CommandSpec, raw: RawArgs): void {
  for (const [key, option] of Object.entries(spec.options)) toValue(option, raw.values[key])
}

/** Converts the sorted words by the table and counts the operands; throws a 'usage' CommandError that says the bounds. */
export function toArgs<S extends CommandSpec>(spec: S, raw: RawArgs): Args<S> {
  const values: Record<string, unknown> = {}
  for (const [key, option] of Object.entries<OptionSpec>(spec.options)) {
    const given = raw.values[key]
    if (option.required && given === undefined) throw usage(`option ${shownOption(option)} is missing: ${option.value}`)
    values[key] = toValue(option, given)
  }
  // As a rule a shell variable that is not set: never a file name, and not the same as no operand at all.
  if (raw.operands.includes('')) throw usage('an operand is empty')
  const [least, most] = spec.operandCount ?? [0, 0]
  const extra = raw.operands[most]
  if (extra !== undefined) throw usage(most === 0 ? `'${extra}': no operand is taken` : `'${extra}': too many operands`)
  if (raw.operands.length < least) throw usage(`${spec.operands ?? 'an operand'} is missing`)
  return { options: values as OptionValues<S>, operands: raw.operands }
}

/** The option as a person writes it: its letter where it has one. */
export function shownOption(option: OptionSpec): string {
  return option.short === undefined ? `--${option.long}` : `-${option.short}`
}

function* splitWord(options: Record<string, OptionSpec>, word: string) {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=')
    const name = word.slice(2, equals < 0 ? undefined : equals)
    const key = Object.keys(options).find(key => options[key]?.long === name)
    if (key === undefined) throw usage(`unknown option --${name}${hintFor(options, name)}`)
    yield { shown: `--${name}`, key, glued: equals < 0 ? undefined : word.slice(equals + 1) }
    return
  }
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]
    const key = Object.keys(options).find(key => options[key]?.short === letter)
    if (key === undefined) throw usage(`unknown option -${letter}${hintFor(options, word.slice(1))}`)
    const takesValue = options[key]?.value !== undefined
    const glued = takesValue && i + 1 < word.length ? word.slice(i + 1) : undefined
    yield { shown: `-${letter}`, key, glued }
    if (takesValue) return
  }
}

function toValue(option: OptionSpec, given: unknown): unknown {
  if (option.value === undefined) return given === true
  if (option.repeat) return listOf(given).map(text => convert(option, text))
  return given === undefined ? undefined : convert(option, String(given))
}

function convert(option: OptionSpec, text: string): unknown {
  if (option.to === undefined) return text
  try {
    return option.to(text)
  } catch (error) {
    throw usage(`option ${shownOption(option)}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function listOf(given: unknown): string[] {
  if (given === undefined) return []
  return Array.isArray(given) ? given.map(String) : [String(given)]
}

function usage(text: string): CommandError {
  return new CommandError('usage', text)
}

function hintFor(options: Record<string, OptionSpec>, name: string): string {
  const long = Object.values(options).flatMap(option => option.long ?? [])
  const best = nearestOf(name, long)
  return best === undefined ? ' (-h lists them)' : ` (did you mean --${best}?)`
}
