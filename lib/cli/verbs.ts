import { CommandError } from '../errors.ts'
import { nearestOf } from '../model/nearest.ts'
import type { OptionSpec } from './command.ts'
import { shownOption } from './options.ts'

/** One verb of a command that has several: what it takes. Its name, in the table, is one word or two (`config check`). */
export interface VerbSpec {
  /** Its operands as the synopsis shows them, `[NAME…]`; absent when there are none. */
  readonly operands?: string
  /** How many operands are allowed: [least, most]. Default none. */
  readonly operandCount?: readonly [number, number]
  /** The options that it takes, by their keys. Default none. */
  readonly options?: readonly string[]
  /** One line for `-h`. */
  readonly help: string
}

type Options = Readonly<Record<string, OptionSpec>>
type Verbs = Readonly<Record<string, VerbSpec>>

/** The lines of `-h` about the verbs, with the options that have a letter. The completions read this form. */
export function renderVerbs(verbs: Verbs, options: Options): readonly string[] {
  const shown = Object.entries(verbs).map(([name, verb]) => [renderVerb(name, verb, options), verb.help] as const)
  const width = Math.max(...shown.map(([text]) => text.length))
  return ['verbs:', ...shown.map(([text, help]) => `  ${text.padEnd(width)}  ${help}`)]
}

/**
 * Finds the verb at the head of the operands, and checks the options (as parsed: false and undefined are not given) and
 * the operands by its table. Throws a 'usage' CommandError.
 */
export function toVerb<V extends Verbs>(
  verbs: V,
  options: Options,
  args: { readonly options: Readonly<Record<string, unknown>>; readonly operands: readonly string[] },
): { readonly name: keyof V & string; readonly operands: readonly string[] } {
  const name = findVerb(verbs, args.operands)
  const verb: VerbSpec = verbs[name] ?? { help: '' }
  for (const [key, option] of Object.entries(options)) {
    const isGiven = args.options[key] !== undefined && args.options[key] !== false
    if (isGiven && !verb.options?.includes(key)) throw usage(`'${name}' takes no option ${shownOption(option)}`)
  }
  const operands = args.operands.slice(name.split(' ').length)
  const [least, most] = verb.operandCount ?? [0, 0]
  const extra = operands[most]
  if (extra !== undefined) throw usage(`'${extra}': '${name}' takes ${most === 0 ? 'no' : 'only so many'} operands`)
  if (operands.length < least) throw usage(`${verb.operands ?? 'an operand'} is missing: '${name}' needs it`)
  return { name, operands }
}

function renderVerb(name: string, verb: VerbSpec, options: Options): string {
  const taken = (verb.options ?? []).flatMap(key => {
    const option = options[key]
    return option?.short === undefined
      ? []
      : [`[${shownOption(option)}${option.value === undefined ? '' : ` ${option.value}`}]`]
  })
  return [name, ...taken, ...(verb.operands === undefined ? [] : [verb.operands])].join(' ')
}

function findVerb<V extends Verbs>(verbs: V, words: readonly string[]): keyof V & string {
  const names = Object.keys(verbs)
  const [first = '', second] = words
  const found = names.find(name => name === first || name === `${first} ${second}`)
  if (found !== undefined) return found
  const seconds = names.flatMap(name => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []))
  if (seconds.length > 0 && second === undefined) throw usage(`'${first}' needs a second word: ${seconds.join(', ')}`)
  const best = seconds.length > 0 ? nearestOf(second ?? '', seconds) : nearestOf(first, names.map(firstWord))
  const told = seconds.length > 0 ? `${first} ${second}` : first
  throw usage(`unknown verb '${told}'${best === undefined ? ' (-h lists them)' : ` (did you mean '${best}'?)`}`)
}

function firstWord(name: string): string {
  return name.split(' ')[0] ?? ''
}

function usage(text: string): CommandError {
  return new CommandError('usage', text)
}
